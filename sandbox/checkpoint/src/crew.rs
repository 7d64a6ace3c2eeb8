//! Work that several threads share while somebody waits for it.

use std::io;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder};

/// Threads that help, of the whole process. Where all of them are busy, everybody works alone.
static IDLE: LazyLock<AtomicUsize> = LazyLock::new(|| AtomicUsize::new(helpers()));

/// One for each processor but the one that who asks is on. More than this do not make it faster: what is done in turn stays.
fn helpers() -> usize {
    const MOST: usize = 3;
    thread::available_parallelism()
        .map_or(0, |processors| processors.get() - 1)
        .min(MOST)
}

/// What `work` makes of each of `items`, in their order. Threads take `piece` of them at a time, and have what `begin` makes to work with. With
/// fewer items than `worth`, starting a thread would take longer than it saves.
///
/// # Errors
/// A thread did not come to its end.
pub fn each<T: Sync, S, R: Send>(
    items: &[T],
    piece: usize,
    worth: usize,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> io::Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut with = begin();
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(piece, Ordering::Relaxed);
            let Some(mine) = items.get(at..(at + piece).min(items.len())).filter(|mine| !mine.is_empty()) else {
                return done;
            };
            done.push((at, mine.iter().map(|item| work(&mut with, item)).collect::<Vec<R>>()));
        }
    };
    let others = items.len().div_ceil(piece.max(1)).saturating_sub(1);
    let hired = Hired::up_to(if items.len() < worth { 0 } else { others });
    let mut done = thread::scope(|scope| {
        // Where the system gives no thread, there is one less.
        let helpers: Vec<_> = (0..hired.0).map_while(|_| Builder::new().spawn_scoped(scope, take).ok()).collect();
        let mut done = take();
        for helper in helpers {
            done.extend(helper.join().map_err(|_| io::Error::other("a thread did not come to its end"))?);
        }
        io::Result::Ok(done)
    })?;
    done.sort_unstable_by_key(|(at, _)| *at);
    Ok(done.into_iter().flat_map(|(_, made)| made).collect())
}

/// So many of those that were idle.
struct Hired(usize);

impl Hired {
    fn up_to(most: usize) -> Self {
        let idle = IDLE.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |idle| Some(idle - idle.min(most)));
        Self(idle.unwrap_or(0).min(most))
    }
}

impl Drop for Hired {
    fn drop(&mut self) {
        IDLE.fetch_add(self.0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_and_stays_in_order_whoever_does_it() {
        for len in [0, 1, 9, 10, 11, 1_000, 1_001] {
            let items: Vec<usize> = (0..len).collect();
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        let made = each(&items, 10, 20, || 7, |seven, item| item * *seven).unwrap();
                        assert!(made.iter().copied().eq((0..len).map(|item| item * 7)));
                    });
                }
            });
        }
        assert_eq!(IDLE.load(Ordering::Relaxed), helpers(), "all came back");
    }
}
