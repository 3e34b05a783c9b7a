//! The binary as people and scripts meet it: exit codes, streams, and messages for wrong input.

mod estates;
mod logs;
mod respond;
mod rules;
mod running;
mod surface;
