//! Readers that count, and that stop an archive made to exhaust whoever unpacks it.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// How much more than its packed size what deflate packed may unpack to. Deflate reaches about 1,030
/// on zeros; the most repetitive real logs stay below 100.
pub(crate) const DEFLATE_RATIO_MAX: u64 = 250;

/// The same for packers that look back further. Zeros reach 7,000 with xz and 30,000 with zstd;
/// Windows logs of few records, which are mostly zeros, reach 300.
pub(crate) const FAR_RATIO_MAX: u64 = 1_500;

/// Unpacked size below which the ratio is not looked at, in bytes: small files of blanks exist and
/// this much harms nobody, since nothing is held.
const UNPACK_FREE_BYTES: u64 = 64 * 1024 * 1024;

/// Whether a stream unpacks to more than logs do.
pub(crate) const fn is_bomb(packed: u64, unpacked: u64, ratio_max: u64) -> bool {
    unpacked > UNPACK_FREE_BYTES && unpacked / ratio_max > packed
}

/// Counts the bytes that pass, and tells a watcher.
pub(crate) struct Counted<'w, R> {
    pub(crate) inner: R,
    pub(crate) count: Rc<Cell<u64>>,
    pub(crate) watch: &'w dyn Fn(u64),
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(to)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.count.set(self.count.get() + bytes);
        (self.watch)(bytes);
        Ok(read)
    }
}

/// Fails once far more came out than went in.
pub(crate) struct Guarded<R> {
    pub(crate) inner: R,
    pub(crate) packed: Rc<Cell<u64>>,
    pub(crate) unpacked: u64,
    pub(crate) ratio_max: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(to)?;
        self.unpacked += u64::try_from(read).unwrap_or(u64::MAX);
        if is_bomb(self.packed.get(), self.unpacked, self.ratio_max) {
            let times = self.ratio_max;
            return Err(io::Error::other(format!(
                "it unpacks to more than {times} times its size, which no log does"
            )));
        }
        Ok(read)
    }
}
