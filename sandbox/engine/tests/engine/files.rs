//! Files as Python programs use them, and what becomes of them when a kernel sleeps, forks, or is rolled back.

use crate::lab::{self, Lab, limits, run_in};
use selvedge_engine::{CancelToken, EventKind, Kernel, Limits, Status};

/// Every cell has to succeed; the last one's value is compared.
async fn check(code: &str, expected: &str) {
    let mut lab = Lab::new().await;
    assert_eq!(lab.value(code).await, expected, "{code}");
}

async fn value(kernel: &mut Kernel, code: &str) -> String {
    run_in(kernel, code, None, limits(), &CancelToken::new()).await.value()
}

#[tokio::test]
async fn text_and_bytes_are_written_and_read() {
    check(
        "with open('a.txt', 'w', encoding='utf-8', newline='') as f:\n    f.write('é\\r\\nb\\n')\n\
         with open('a.txt', 'ab') as f:\n    f.write(b'\\xff')\n\
         with open('a.txt', 'r+b') as f:\n    f.seek(4)\n    f.write(b'B')\n    f.seek(0)\n    whole = f.read()\n\
         (whole, open('a.txt', encoding='latin-1').read(), open('a.txt', errors='replace').readlines()[-1])",
        "(b'\\xc3\\xa9\\r\\nB\\n\\xff', 'Ã©\\nB\\nÿ', '�')",
    )
    .await;
    check(
        "with open('x', 'x') as f: pass\n\
         try:\n    open('x', 'x')\nexcept FileExistsError as error:\n    seen = type(error).__name__\n\
         f = open('big', 'wb+', buffering=0)\nf.write(bytes(200_000))\nf.seek(65_530)\nf.write(b'0123456789')\nf.truncate(65_538)\nf.seek(-9, 2)\n\
         (seen, f.read(), f.tell(), f.name)",
        "('FileExistsError', b'\\x0001234567', 65538, 'big')",
    )
    .await;
}

#[tokio::test]
async fn folders_are_made_listed_walked_and_removed() {
    check(
        "import os, shutil\nos.makedirs('d/e/f')\nfor n in ('b', 'a'):\n    open(f'd/e/{n}', 'w').close()\n\
         walked = [(r, sorted(ds), sorted(fs)) for r, ds, fs in os.walk('d')]\n\
         scanned = sorted((e.name, e.is_dir(), e.stat().st_size) for e in os.scandir('d/e'))\n\
         os.rename('d/e', 'd/g')\nos.replace('d/g/a', 'd/g/b')\nlisted = sorted(os.listdir('d/g'))\nshutil.rmtree('d')\n\
         (walked, scanned, listed, os.listdir(), os.getcwd(), sorted(os.listdir('/')))",
        "([('d', ['e'], []), ('d/e', ['f'], ['a', 'b']), ('d/e/f', [], [])], [('a', False, 0), ('b', False, 0), ('f', True, 0)], ['b', 'f'], [], '/home', ['environment', 'home', 'tmp'])",
    )
    .await;
    check(
        "import os\nos.mkdir('/tmp/x')\nos.chdir('/tmp/x')\nopen('f', 'w').close()\nhere = (os.getcwd(), os.listdir(), os.path.realpath('../x/f'))\nos.chdir('/home')\n\
         (here, os.path.expanduser('~'), dict(os.environ), os.path.exists('/tmp/x/f'), os.path.isdir('/tmp/x/f'), os.path.samefile('/tmp', '/home/../tmp'))",
        "(('/tmp/x', ['f'], '/tmp/x/f'), '/home', {'HOME': '/home'}, True, False, True)",
    )
    .await;
}

#[tokio::test]
async fn errors_are_those_that_programs_catch() {
    let mut lab = Lab::new().await;
    lab.run("import os\nos.makedirs('d/e')\nopen('f', 'w').close()").await;
    for (code, kind) in [
        ("open('nope')", "FileNotFoundError"),
        ("open('/etc/passwd')", "FileNotFoundError"),
        ("open('../../etc/passwd')", "FileNotFoundError"),
        ("open('d')", "IsADirectoryError"),
        ("open('f/x')", "NotADirectoryError"),
        ("os.mkdir('d')", "FileExistsError"),
        ("os.rmdir('d')", "OSError"),
        ("os.remove('d')", "IsADirectoryError"),
        ("os.rename('d', 'd/e/x')", "OSError"),
        ("os.listdir('f')", "NotADirectoryError"),
        ("open('f').write('x')", "UnsupportedOperation"),
        ("os.chdir('nowhere')", "FileNotFoundError"),
        ("os.symlink('f', 'l')", "OSError"),
        ("os.link('f', 'l')", "PermissionError"),
        ("os.readlink('f')", "OSError"),
        ("os.chmod('nope', 0o600)", "FileNotFoundError"),
        ("open('/environment/x', 'w')", "OSError"),
        ("os.mkdir('/environment/x')", "OSError"),
        ("os.rmdir('/environment')", "OSError"),
        ("open('x' * 256, 'w')", "OSError"),
        ("open('\\0', 'w')", "ValueError"),
        ("open(b'\\xff', 'w')", "OSError"),
        ("import sqlite3", "ModuleNotFoundError"),
    ] {
        let failure = lab.run(code).await.failure();
        assert_eq!(failure.kind, kind, "{code}: {failure:?}");
    }
    assert_eq!(
        lab.value("os.access('f', os.R_OK | os.W_OK), os.access('f', os.X_OK), os.access('d', os.X_OK), os.access('nope', 0), os.access('/environment', os.W_OK)")
            .await,
        "(True, False, True, False, False)"
    );
    assert_eq!(
        lab.value("os.chmod('f', 0o600)\nos.utime('f', (1, 2))\n(os.stat('f').st_atime, os.stat('f').st_mtime)")
            .await,
        "(1.0, 2.0)"
    );
}

#[tokio::test]
async fn the_standard_library_works_with_files() {
    check(
        "from pathlib import Path\np = Path('p')\np.mkdir()\n(p / 'é.txt').write_text('é\\n', encoding='utf-8')\n(p / 'b').write_bytes(b'1')\n(p / 'b').rename(p / 'c')\n(p / 'c').touch()\n\
         seen = (sorted(x.name for x in p.iterdir()), (p / 'é.txt').read_text(encoding='utf-8'), [str(x) for x in Path('.').rglob('*.txt')], str(p.resolve()), str(Path.home()))\n\
         (p / 'c').unlink()\nseen",
        "(['c', 'é.txt'], 'é\\n', ['p/é.txt'], '/home/p', '/home')",
    )
    .await;
    check(
        "import tempfile, os\nwith tempfile.NamedTemporaryFile('w+') as t:\n    t.write('x')\n    t.seek(0)\n    first = (t.read(), t.name.startswith('/tmp/'))\n\
         with tempfile.TemporaryDirectory() as d:\n    open(d + '/q', 'w').close()\n    second = os.listdir(d)\nwith tempfile.TemporaryFile() as t:\n    t.write(b'1')\n    t.seek(0)\n    third = t.read()\n\
         (first, second, third, os.listdir('/tmp'))",
        "(('x', True), ['q'], b'1', [])",
    )
    .await;
    check(
        "import shutil, os, glob, fileinput\nopen('a', 'w').write('1\\n2\\n')\nshutil.copy('a', 'b')\nshutil.copy2('a', 'c')\nos.mkdir('d')\nshutil.move('c', 'd/c')\nshutil.copytree('d', 'e')\n\
         (sorted(glob.glob('**/*', recursive=True)), [fileinput.lineno() for _ in fileinput.input('b')], shutil.which('python'))",
        "(['a', 'b', 'd', 'd/c', 'e', 'e/c'], [1, 2], None)",
    )
    .await;
    check(
        "import csv, json, zipfile, gzip, tarfile, pickle, io, os\nwith open('c.csv', 'w', newline='') as f:\n    csv.writer(f).writerows([[1, 'a\\nb']])\nrows = list(csv.reader(open('c.csv', newline='')))\n\
         json.dump({'a': 1}, open('j', 'w'))\npickle.dump([1], open('k', 'wb'))\nwith gzip.open('g', 'wt') as g:\n    g.write('text')\n\
         with zipfile.ZipFile('z', 'w', zipfile.ZIP_DEFLATED) as z:\n    z.write('j')\n    z.writestr('k/l', 'hi')\nwith zipfile.ZipFile('z') as z:\n    z.extractall('out')\n\
         with tarfile.open('t', 'w:gz') as t:\n    t.add('out')\nwith tarfile.open('t') as t:\n    t.extractall('tt', filter='data')\n\
         (rows, json.load(open('j')), pickle.load(open('k', 'rb')), gzip.open('g', 'rt').read(), open('tt/out/k/l').read())",
        "([['1', 'a\\nb']], {'a': 1}, [1], 'text', 'hi')",
    )
    .await;
    check(
        "import shelve, logging, configparser\nwith shelve.open('s') as d:\n    d['a'] = [1]\nwith shelve.open('s') as d:\n    kept = d['a']\n\
         logger = logging.getLogger('x')\nlogger.addHandler(logging.FileHandler('l.log'))\nlogger.warning('w')\nc = configparser.ConfigParser()\nc['s'] = {'k': 'v'}\nwith open('i', 'w') as f:\n    c.write(f)\n\
         (kept, open('l.log').read(), configparser.ConfigParser().read('i'))",
        "([1], 'w\\n', ['i'])",
    )
    .await;
}

#[tokio::test]
async fn modules_of_ones_own_are_imported_and_seen_in_tracebacks() {
    let mut lab = Lab::new().await;
    assert_eq!(
        lab.value("open('m.py', 'w').write('def f():\\n    return 1 / 0\\nx = 5\\n')\nimport m\n(m.x, m.__file__)")
            .await,
        "(5, '/home/m.py')"
    );
    let failure = lab.run("m.f()").await.failure();
    assert!(
        failure.traceback.contains("File \"/home/m.py\", line 2, in f\n    return 1 / 0"),
        "{}",
        failure.traceback
    );
}

#[tokio::test]
async fn what_goes_past_the_quota_is_an_error_and_the_kernel_lives() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import errno\ncodes = []\ndef attempt(f):\n    try:\n        f()\n    except OSError as e:\n        codes.append(errno.errorcode[e.errno])\n\
              f = open('a', 'wb', buffering=0)\nf.write(bytes(32 << 20))\nattempt(lambda: f.write(b'x'))\ng = open('b', 'wb', buffering=0)\ng.truncate(32 << 20)\nh = open('c', 'wb', buffering=0)\n\
              attempt(lambda: h.write(b'x'))\nattempt(lambda: h.truncate(1 << 60))\nkept = []\nattempt(lambda: [kept.append(open('a')) for _ in range(300)])\nn = len(kept)\nkept.clear()\n\
              print(codes, n)")
        .await;
    assert_eq!(seen.stdout(), "['EFBIG', 'ENOSPC', 'ENOSPC', 'EMFILE'] 253\n", "{seen:?}");
    let many = lab
        .run("import os\nos.remove('b')\nfor i in range(20_000): open(f'/tmp/{i}', 'w').close()")
        .await;
    assert!(many.failure().message.contains("space"), "{many:?}");
    assert_eq!(lab.value("len(os.listdir('/tmp')) > 9_000").await, "True");
}

#[tokio::test]
async fn files_and_what_is_open_of_them_survive_sleep() {
    let mut lab = Lab::new().await;
    lab.run("f = open('log', 'w+')\nf.write('abc')\nf.flush()\nr = open('log')\nr.read(1)\nimport os\nos.mkdir('d')\ngone = open('gone', 'w+')\ngone.write('still')\ngone.flush()\nos.remove('gone')\nos.chdir('d')").await;
    let checkpoint = lab.kernel.checkpoint().unwrap();
    let code = "f.write('def'); f.flush(); gone.seek(0)\n(r.read(), open('/home/log').read(), gone.read(), os.listdir('..'), os.getcwd())";
    for _ in 0..2 {
        let mut woken = lab.engine.restore(&checkpoint, [2; 32]).await.unwrap();
        assert_eq!(
            value(&mut woken, code).await,
            "('bcdef', 'abcdef', 'still', ['log', 'd'], '/home/d')"
        );
    }
    assert_eq!(lab.value("open('/home/log').read()").await, "'abc'", "each has its own");
}

#[tokio::test]
async fn a_fork_has_files_of_its_own() {
    let mut lab = Lab::new().await;
    lab.run("open('a', 'w').write('x' * 1_000_000)").await;
    let mut fork = lab.kernel.fork([3; 32]).await.unwrap();
    assert_eq!(
        value(
            &mut fork,
            "open('a', 'a').write('y')\nopen('b', 'w').close()\nimport os\n(os.path.getsize('a'), sorted(os.listdir()))"
        )
        .await,
        "(1000001, ['a', 'b'])"
    );
    assert_eq!(
        lab.value("import os\n(os.path.getsize('a'), os.listdir())").await,
        "(1000000, ['a'])"
    );
}

#[tokio::test]
async fn a_cell_that_breaks_takes_its_files_back_with_its_memory() {
    let mut lab = Lab::new().await;
    lab.run("open('a', 'w').write('before')").await;
    let before = lab.kernel.checkpoint().unwrap();
    let seen = lab
        .run_with(
            "open('a', 'w').write('after')\nopen('b', 'w').close()\nwhile True: pass",
            None,
            Limits {
                fuel: 100_000_000,
                ..limits()
            },
        )
        .await;
    assert_eq!(seen.failure().kind, "FuelLimit");
    let mut kernel = lab.engine.restore(&before, [4; 32]).await.unwrap();
    assert_eq!(
        value(&mut kernel, "import os\n(open('a').read(), os.listdir())").await,
        "('before', ['a'])"
    );
    // An exception is part of the program: what it did before stays.
    let seen = run_in(
        &mut kernel,
        "open('c', 'w').write('kept')\n1 / 0",
        None,
        limits(),
        &CancelToken::new(),
    )
    .await;
    assert_eq!(
        (seen.end.status, seen.failure().kind.as_str()),
        (Status::Failed, "ZeroDivisionError")
    );
    assert_eq!(value(&mut kernel, "open('c').read()").await, "'kept'");
}

#[tokio::test]
async fn the_next_kernel_finds_no_files_of_the_last_one() {
    let engine = lab::engine();
    let mut first = engine.start([1; 32]).await.unwrap();
    run_in(
        &mut first,
        "open('secret', 'w').write('canary')\nf = open('secret')",
        None,
        limits(),
        &CancelToken::new(),
    )
    .await;
    drop(first);
    let mut second = engine.start([2; 32]).await.unwrap();
    assert_eq!(
        value(
            &mut second,
            "import os\n(os.listdir('/home'), os.listdir('/tmp'), open('mine', 'w').fileno())"
        )
        .await,
        "([], [], 4)"
    );
}

#[tokio::test]
async fn closing_what_is_not_ones_own_harms_nothing() {
    let mut lab = Lab::new().await;
    let seen = lab
        .run("import os\nos.closerange(0, 100)\nprint('on')\nopen('a', 'w').close()\nos.listdir()")
        .await;
    assert_eq!((seen.stdout().as_str(), seen.value().as_str()), ("on\n", "['a']"), "{seen:?}");
    assert_eq!(lab.run("os.read(77, 1)").await.failure().kind, "OSError");
    assert!(!seen.events.iter().any(|(kind, _)| *kind == EventKind::Error));
}
