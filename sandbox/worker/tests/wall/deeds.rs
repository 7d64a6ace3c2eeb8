//! What is tried from behind the wall.
#![expect(unsafe_code, reason = "each of these is a bare system call, because that is what an attacker has")]

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::sync::OnceLock;
use std::time::Duration;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, ftruncate, memfd_create};
use selvedge_protocol::hardening::{LayerName, LayerState};

use crate::behind::{Carried, network};

/// How it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// By the filter of system calls.
    Killed,
    /// With an error.
    Refused,
    /// It is needed, and works.
    Works,
    /// With this exit code, or the signal below zero.
    Ends(i32),
}

use Expected::{Ends, Killed, Refused, Works};

type Try = fn(&Carried) -> io::Result<()>;

/// One thing to try.
pub(crate) struct Deed {
    pub(crate) name: &'static str,
    pub(crate) deed: Try,
    /// Guests need it.
    pub(crate) harmless: bool,
    /// Behind which wall it ends how.
    pub(crate) expected: &'static [(&'static str, Expected)],
}

const fn attack(name: &'static str, deed: Try, expected: &'static [(&'static str, Expected)]) -> Deed {
    Deed {
        name,
        deed,
        harmless: false,
        expected,
    }
}

const fn need(name: &'static str, deed: Try) -> Deed {
    Deed {
        name,
        deed,
        harmless: true,
        expected: &[("whole", Works)],
    }
}

const KILLED: &[(&str, Expected)] = &[("whole", Killed)];
/// Where the filter of system calls does not stand, something else refuses.
const KILLED_OR_REFUSED: &[(&str, Expected)] = &[("whole", Killed), ("without-seccomp", Refused)];

/// Everything that is tried.
pub(crate) const DEEDS: &[Deed] = &[
    attack(
        "read_a_file",
        |_| File::open("/etc/passwd").map(drop),
        &[
            ("whole", Refused),
            ("without-seccomp", Refused),
            ("landlock-alone", Refused),
            ("namespaces-alone", Refused),
        ],
    ),
    attack(
        "learn_that_a_file_exists",
        |_| std::fs::metadata("/etc/passwd").map(drop),
        &[("whole", Refused), ("without-seccomp", Refused), ("namespaces-alone", Refused)],
    ),
    attack(
        "write_a_file",
        |_| File::create("/tmp/selvedge-wall").map(drop),
        &[
            ("whole", Refused),
            ("without-seccomp", Refused),
            ("landlock-alone", Refused),
            ("namespaces-alone", Refused),
        ],
    ),
    attack(
        "read_the_memory_of_the_parent",
        |_| File::open(format!("/proc/{}/mem", parent())).map(drop),
        &[
            ("whole", Refused),
            ("without-seccomp", Refused),
            ("landlock-alone", Refused),
            ("namespaces-alone", Refused),
        ],
    ),
    attack("open_with_the_old_call", |_| old_open(), KILLED),
    attack(
        "outlive_the_node",
        |_| call(libc::SYS_prctl, [i64::from(libc::PR_SET_PDEATHSIG), 0, 0, 0]),
        KILLED,
    ),
    attack("open_with_the_newest_call", |_| call(libc::SYS_openat2, [0; 4]), KILLED),
    attack(
        "listen_and_connect",
        |_| network(),
        &[("whole", Killed), ("without-seccomp", Refused), ("landlock-alone", Refused)],
    ),
    attack(
        "reach_the_network",
        |_| TcpStream::connect_timeout(&([192, 0, 2, 1], 80).into(), Duration::from_millis(200)).map(drop),
        &[("whole", Killed), ("namespaces-alone", Refused), ("landlock-alone", Refused)],
    ),
    attack(
        "make_a_pair_of_sockets",
        |_| std::os::unix::net::UnixStream::pair().map(drop),
        KILLED,
    ),
    attack(
        "run_a_program",
        |_| {
            let (path, arguments) = (c"/bin/true", [std::ptr::null::<libc::c_char>()]);
            call(libc::SYS_execve, [address(path.as_ptr()), address(arguments.as_ptr()), 0, 0])
        },
        KILLED_OR_REFUSED,
    ),
    attack("run_a_program_from_memory", |_| run_from_memory(), &[("whole", Killed)]),
    attack(
        "make_a_process",
        |_| call(libc::SYS_clone, [i64::from(libc::SIGCHLD), 0, 0, 0]),
        KILLED,
    ),
    attack(
        "make_a_process_with_the_newest_call",
        |_| {
            let mut arguments = [0_u64; 11];
            arguments[4] = u64::from(libc::SIGCHLD.unsigned_abs());
            call(libc::SYS_clone3, [address(arguments.as_ptr()), 88, 0, 0])
        },
        &[("whole", Refused)],
    ),
    attack(
        "trace_the_parent",
        |_| call(libc::SYS_ptrace, [i64::from(libc::PTRACE_ATTACH), parent(), 0, 0]),
        KILLED_OR_REFUSED,
    ),
    attack(
        "read_the_parents_memory_by_a_call",
        |_| {
            let mut byte = [0_u8; 1];
            let here = [address(byte.as_mut_ptr()), 1];
            call6(
                libc::SYS_process_vm_readv,
                [parent(), address(here.as_ptr()), 1, address(here.as_ptr()), 1, 0],
            )
        },
        KILLED_OR_REFUSED,
    ),
    attack(
        "signal_the_parent",
        |_| call(libc::SYS_kill, [parent(), i64::from(libc::SIGCONT), 0, 0]),
        &[("whole", Killed), ("without-seccomp", Refused), ("landlock-alone", Refused)],
    ),
    attack(
        "signal_a_thread_of_the_parent",
        |_| call(libc::SYS_tgkill, [parent(), parent(), i64::from(libc::SIGCONT), 0]),
        KILLED_OR_REFUSED,
    ),
    attack("start_an_io_ring", |_| call(libc::SYS_io_uring_setup, [8, 0, 0, 0]), KILLED),
    attack("load_a_kernel_program", |_| call(libc::SYS_bpf, [0; 4]), KILLED_OR_REFUSED),
    attack(
        "make_namespaces",
        |_| call(libc::SYS_unshare, [i64::from(libc::CLONE_NEWNET), 0, 0, 0]),
        KILLED_OR_REFUSED,
    ),
    attack("mount", |_| mount(), KILLED_OR_REFUSED),
    attack(
        "change_the_root",
        |_| call(libc::SYS_chroot, [address(c"/".as_ptr()), 0, 0, 0]),
        KILLED_OR_REFUSED,
    ),
    attack("become_root", |_| call(libc::SYS_setuid, [0; 4]), KILLED_OR_REFUSED),
    attack(
        "make_memory_that_runs",
        |_| {
            call6(
                libc::SYS_mmap,
                [0, 4096, i64::from(libc::PROT_EXEC | libc::PROT_WRITE), private(), -1, 0],
            )
        },
        KILLED,
    ),
    attack("make_written_memory_run", |_| run_what_was_written(), KILLED),
    attack(
        "let_others_read_its_memory",
        |_| call(libc::SYS_prctl, [i64::from(libc::PR_SET_DUMPABLE), 1, 0, 0]),
        KILLED,
    ),
    attack(
        "type_into_the_terminal",
        |_| call(libc::SYS_ioctl, [0, 0x5412, address(c"x".as_ptr()), 0]),
        KILLED,
    ),
    attack("raise_a_limit", |_| raise_a_limit(), KILLED_OR_REFUSED),
    attack(
        "open_more_than_it_needs",
        |_| {
            let open: io::Result<Vec<_>> = (0..64).map(|_| Ok(memfd_create("more", MemfdFlags::CLOEXEC)?)).collect();
            open.map(drop)
        },
        &[("whole", Refused)],
    ),
    #[cfg(target_arch = "x86_64")]
    attack("call_as_a_32_bit_program", |_| call_as_32_bit(), &[("whole", Killed)]),
    need("nothing_was_inherited", |carried| {
        // What the test runner gave it: three streams; what it opened itself is the folder of descriptors.
        confirm(carried.descriptors.len() == 3, &carried.descriptors)?;
        confirm(std::env::vars_os().next().is_none(), &"an environment")
    }),
    Deed {
        name: "only_what_may_stay_was_inherited",
        deed: |carried| {
            confirm(carried.descriptors.len() == 4 && carried.kept.len() == 1, &carried.descriptors)?;
            let whole = SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL;
            let seals = carried.kept.first().map(fcntl_get_seals).transpose()?;
            confirm(seals == Some(whole), &seals)
        },
        harmless: true,
        // Only with what it is given there.
        expected: &[],
    },
    need("every_layer_was_tried", |carried| {
        let names: BTreeSet<_> = carried.layers.iter().map(|layer| layer.layer).collect();
        // The node puts that one up from outside.
        let all = LayerName::ALL.into_iter().filter(|layer| *layer != LayerName::Cgroup).collect();
        confirm(names == all, &carried.layers)?;
        let left_off = carried.layers.iter().any(|layer| layer.state == LayerState::Off);
        confirm(!left_off, &carried.layers)
    }),
    need("start_threads_and_give_memory_back", |_| {
        // Enough for arenas of its own that grow and shrink.
        for _ in 0..4 {
            let threads: Vec<_> = (0..8)
                .map(|_| std::thread::spawn(|| drop(vec![vec![1_u8; 100_000]; 300])))
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
        }
        Ok(())
    }),
    need("share_memory_between_guests", |_| {
        let memory = memfd_create("image", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        ftruncate(&memory, 1 << 20)?;
        rustix::io::write(&memory, b"page")?;
        fcntl_add_seals(&memory, SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL)?;
        let length = 1 << 20;
        let read = i64::from(libc::PROT_READ | libc::PROT_WRITE);
        let shared = i64::from(libc::MAP_PRIVATE);
        call6(libc::SYS_mmap, [0, length, read, shared, i64::from(memory.as_raw_fd()), 0])
    }),
    need("see_which_pages_were_written", |carried| {
        let Some(pagemap) = &carried.pagemap else { return Ok(()) };
        // An argument of no size is refused by the request itself, behind the filter.
        let argument = [0_u64; 12];
        let answer = call(
            libc::SYS_ioctl,
            [i64::from(pagemap.as_raw_fd()), 0xC060_6610, address(argument.as_ptr()), 0],
        );
        confirm(answer.is_err(), &"a scan of nothing")
    }),
    need("wait_and_draw_random_bytes", |_| {
        std::thread::sleep(Duration::from_millis(1));
        rustix::rand::getrandom(&mut [0_u8; 32], rustix::rand::GetRandomFlags::empty())?;
        Ok(())
    }),
    Deed {
        name: "a_defect_is_said_and_ends_it",
        deed: |_| panic!("a defect"),
        harmless: false,
        expected: &[("whole", Ends(70))],
    },
    Deed {
        name: "an_abort_ends_it",
        deed: |_| std::process::abort(),
        harmless: false,
        expected: &[("whole", Ends(-libc::SIGABRT))],
    },
];

/// Asked for before the wall is closed: behind it, asking ends the process.
pub(crate) static PARENT: OnceLock<u32> = OnceLock::new();

fn confirm(right: bool, what: &dyn std::fmt::Debug) -> io::Result<()> {
    if right {
        Ok(())
    } else {
        Err(io::Error::other(format!("{what:?}")))
    }
}

fn address<T>(pointer: *const T) -> i64 {
    pointer.addr().cast_signed() as i64
}

fn parent() -> i64 {
    i64::from(*PARENT.get().unwrap())
}

fn private() -> i64 {
    i64::from(libc::MAP_PRIVATE | libc::MAP_ANONYMOUS)
}

fn call(number: i64, arguments: [i64; 4]) -> io::Result<()> {
    let [a, b, c, d] = arguments;
    call6(number, [a, b, c, d, 0, 0])
}

fn call6(number: i64, [a, b, c, d, e, f]: [i64; 6]) -> io::Result<()> {
    // SAFETY: pointers among the arguments are to live objects of the sizes that the calls expect.
    match unsafe { libc::syscall(number, a, b, c, d, e, f) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

#[cfg(target_arch = "x86_64")]
fn old_open() -> io::Result<()> {
    call(libc::SYS_open, [address(c"/etc/passwd".as_ptr()), 0, 0, 0])
}

#[cfg(not(target_arch = "x86_64"))]
fn old_open() -> io::Result<()> {
    call(libc::SYS_open_by_handle_at, [0; 4])
}

fn run_from_memory() -> io::Result<()> {
    let program = memfd_create("program", MemfdFlags::empty())?;
    rustix::io::write(&program, b"#!/bin/true\n")?;
    let empty = [std::ptr::null::<libc::c_char>()];
    let flags = i64::from(libc::AT_EMPTY_PATH);
    call6(
        libc::SYS_execveat,
        [
            i64::from(program.as_raw_fd()),
            address(c"".as_ptr()),
            address(empty.as_ptr()),
            0,
            flags,
            0,
        ],
    )
}

fn run_what_was_written() -> io::Result<()> {
    let page = vec![0_u8; 8192];
    let aligned = (address(page.as_ptr()) + 4095) & !4095;
    call(libc::SYS_mprotect, [aligned, 4096, i64::from(libc::PROT_READ | libc::PROT_EXEC), 0])
}

fn mount() -> io::Result<()> {
    let (nothing, place) = (c"tmpfs", c"/");
    call6(
        libc::SYS_mount,
        [
            address(nothing.as_ptr()),
            address(place.as_ptr()),
            address(nothing.as_ptr()),
            0,
            0,
            0,
        ],
    )
}

fn raise_a_limit() -> io::Result<()> {
    let limits = [1_u64 << 20; 2];
    call(
        libc::SYS_prlimit64,
        [0, i64::from(libc::RLIMIT_NOFILE), address(limits.as_ptr()), 0],
    )
}

/// `getpid` of the 32-bit interface, whose number means something else in the 64-bit one.
#[cfg(target_arch = "x86_64")]
fn call_as_32_bit() -> io::Result<()> {
    // SAFETY: the call takes no arguments; registers that it may change are named.
    unsafe {
        std::arch::asm!("int 0x80", inout("eax") 20 => _, out("r8") _, out("r9") _, out("r10") _, out("r11") _);
    }
    Ok(())
}
