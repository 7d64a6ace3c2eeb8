//! Bounds that edge and node agree on. Units are in the names; every one is tested at the bound and one past it.

/// Source of one run.
pub const CODE_BYTES_MAX: u64 = 1_000_000;
/// Standard input of one run.
pub const STDIN_BYTES_MAX: u64 = 1_000_000;

/// Default wall time of a run.
pub const WALL_MS_DEFAULT: u64 = 30_000;
/// Longest wall time that can be asked for.
pub const WALL_MS_MAX: u64 = 600_000;
/// Shortest wall time that can be asked for.
pub const WALL_MS_MIN: u64 = 1;

/// Longest that a run waits for one line of its person; then nobody is there, and what it reads is at its end. Not its wall time.
pub const LINE_WAIT_MS_MAX: u64 = 600_000;
/// Longest that a run waits for all its lines together.
pub const LINES_WAIT_MS_MAX: u64 = 1_800_000;

/// Default fuel of a run: twice what a tight loop burns in the default wall time (140 units a nanosecond, seen), so that time is what ends
/// an endless loop.
pub const FUEL_DEFAULT: u64 = 10_000_000_000_000;
/// Most fuel that can be asked for: the same for the longest wall time.
pub const FUEL_MAX: u64 = 200_000_000_000_000;
/// Least fuel that can be asked for.
pub const FUEL_MIN: u64 = 1;

/// Default linear memory of a guest.
pub const MEMORY_BYTES_DEFAULT: u64 = 256 << 20;
/// Most linear memory that can be asked for.
pub const MEMORY_BYTES_MAX: u64 = 1 << 30;
/// Least linear memory that can be asked for: the image itself needs most of it.
pub const MEMORY_BYTES_MIN: u64 = 64 << 20;

/// Default output kept of a run.
pub const OUTPUT_BYTES_DEFAULT: u64 = 1 << 20;
/// Most output that can be kept.
pub const OUTPUT_BYTES_MAX: u64 = 16 << 20;
/// Least output that can be kept.
pub const OUTPUT_BYTES_MIN: u64 = 1;

/// An open run whose node has been silent for this long is lost.
pub const LEASE_MS: u64 = 15_000;
/// A node renews the lease of a silent run this often.
pub const LEASE_RENEW_MS: u64 = 5_000;

/// Largest `n` of a measurement.
pub const MEASURE_N_MAX: u64 = 1 << 32;

/// What tracebacks show instead of a file name.
pub const LABEL_BYTES_MAX: u64 = 200;
/// Body of an order: source, a measurement's setup and standard input in JSON, where one byte can take six, and the rest.
pub const ORDER_BYTES_MAX: u64 = 6 * (2 * CODE_BYTES_MAX + STDIN_BYTES_MAX) + (64 << 10);
/// JSON of one event's data. Longer text is cut into several events; anything else that is longer is dropped, and the run says so.
pub const EVENT_BYTES_MAX: u64 = 1 << 20;
/// Body of a report. A node stays far below it unless a single event is large.
pub const REPORT_BYTES_MAX: u64 = EVENT_BYTES_MAX + (64 << 10);

/// JSON of one message between node and worker; an order fits.
pub const FRAME_JSON_BYTES_MAX: usize = 16 << 20;
/// A checkpoint: all of the largest memory, with room for its own bookkeeping.
pub const FRAME_ATTACHMENT_BYTES_MAX: usize = (1 << 30) + (64 << 20);

/// All files of a kernel together.
pub const FILES_BYTES_MAX: u64 = 64 << 20;
/// One file of a kernel.
pub const FILE_BYTES_MAX: u64 = 32 << 20;
/// Files and directories of a kernel, `/`, `/home` and `/tmp` among them.
pub const FILES_COUNT_MAX: u64 = 10_000;
/// Files and directories that a kernel has open at a time.
pub const OPEN_FILES_MAX: u64 = 256;
/// Directories inside each other, with the file in the innermost.
pub const PATH_DEPTH_MAX: u64 = 64;
/// A name in a directory, in UTF-8.
pub const NAME_BYTES_MAX: u64 = 255;
/// A path, in UTF-8.
pub const PATH_BYTES_MAX: u64 = 4_096;
/// What a run may have said that has not reached the edge yet, in bytes of JSON; beyond it the cell is slowed down. One event may pass it.
pub const WINDOW_BYTES: usize = 256 << 10;
