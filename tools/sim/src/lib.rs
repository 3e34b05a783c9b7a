//! The seeded simulator: a day of Northgate's logs arrives late, out of order and twice, and the
//! laws of the product must hold all the same.
//!
//! One seed makes one world. By default its deliveries are delayed, shuffled and doubled; a world in
//! which everything arrives in order would let wrong code pass. Another one, [`check_act`], carries
//! out orders in worlds where calls get lost, land late and twice, and executors die.

mod act;
mod content;
mod day;
mod delivery;
mod laws;
mod load;
mod losses;
mod score;

pub use act::{check_act, check_act_killed};
pub use content::texts;
pub use day::{Day, Texts};
pub use delivery::{Delivery, Weather};
pub use laws::{Broken, check_seed};
pub use load::Load;
pub use losses::{Checked, Trial};
pub use score::{HeldScore, IntrusionScore, Score, claims, score};
