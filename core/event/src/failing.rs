//! A stream that may fail: what was read before is a stream that ends there.
//!
//! Whoever reads it finds an end and does with what it holds what it does at any end; the failure is asked for
//! afterwards. So nothing is lost that was read before a packed file broke off, in whatever format it is.

use std::{
    cell::RefCell,
    io::{self, BufRead, Read},
    rc::Rc,
};

/// Why a stream could not be read on, once that is so.
#[derive(Debug, Clone, Default)]
pub(crate) struct Failure(Rc<RefCell<Option<io::Error>>>);

impl Failure {
    /// Whether the stream failed.
    pub(crate) fn is_there(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// The failure, if there was one.
    ///
    /// # Errors
    /// If there was.
    pub(crate) fn take(&self) -> io::Result<()> {
        self.0.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// Notes that a stream failed, of which only the first failure counts.
    pub(crate) fn note(&self, error: io::Error) {
        self.0.borrow_mut().get_or_insert(error);
    }
}

/// A stream that ends where it fails.
pub(crate) struct Failing<'i> {
    input: &'i mut dyn BufRead,
    failure: Failure,
}

impl<'i> Failing<'i> {
    pub(crate) fn new(input: &'i mut dyn BufRead, failure: Failure) -> Self {
        Self { input, failure }
    }
}

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.failure.is_there() {
            return Ok(0);
        }
        match self.input.read(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.failure.note(error);
                Ok(0)
            }
            read => read,
        }
    }
}

impl BufRead for Failing<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.failure.is_there() {
            return Ok(&[]);
        }
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure.note(error);
                    return Ok(&[]);
                }
            }
        }
        // What is there is given again.
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.input.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use crate::kept::Kept;
    use std::io::{self, BufReader, Read};

    use crate::{Hints, RefusalReason, read};

    /// Fails once it is read.
    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::InvalidData, "checksum"))
        }
    }

    fn check(text: &str, events: usize, refused: &[RefusalReason]) {
        for buffer in [3, 4096] {
            let mut input = BufReader::with_capacity(buffer, text.as_bytes().chain(Broken));
            let mut kept = Kept::default();
            let failed = read(&"t".into(), &mut input, &Hints::default(), &mut kept).unwrap_err();
            assert_eq!(kept.events.len(), events, "{text}");
            let reasons: Vec<_> = kept.refusals.iter().map(|refusal| refusal.reason).collect();
            assert_eq!(reasons, refused, "{text}");
            let summary = failed.so_far;
            assert_eq!(summary.records, summary.events + summary.refused_count());
            assert_eq!(summary.events, events as u64);
        }
    }

    #[test]
    fn what_was_read_before_a_stream_failed_is_kept_and_the_half_record_counted() {
        let cut = &[RefusalReason::Truncated];
        check("{\"a\":1}\n{\"a\":2}\n", 2, &[]);
        check("{\"a\":1}\n{\"a\":2}", 2, &[]);
        check("{\"a\":1}\n{\"a\":", 1, cut);
        check("a line\nanother line\nhalf a li", 2, cut);
        check("[{\"a\":1},{\"a\":2},{\"a\":", 2, cut);
        check("[{\"a\":1},{\"a\":2}]", 2, &[]);
        check("id,name,note\n1,a,b\n2,c,d\n3,e", 2, cut);
        check(
            "#Fields: date time x\n2026-04-17 10:00:00 a\n2026-04",
            1,
            cut,
        );
        check(
            "<Events><Event><System><EventID>1</EventID></System></Event><Event><Sys",
            1,
            cut,
        );
    }
}
