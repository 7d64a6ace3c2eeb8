# Files and paths
import pathlib, tempfile, shutil, os
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "sub", "a.txt")
    path.parent.mkdir(parents=True)
    path.write_text("one\ntwo\n", encoding="utf-8")
    with open(path) as file: assert [line.strip() for line in file] == ["one", "two"]
    shutil.copy(path, path.with_suffix(".bak"))
    assert sorted(p.name for p in path.parent.iterdir()) == ["a.bak", "a.txt"] and path.stat().st_size == 8
assert not os.path.exists(folder)
