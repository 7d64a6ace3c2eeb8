# json, csv, tomllib, configparser, xml.etree
import configparser, csv, io, json, tomllib
import xml.etree.ElementTree as tree
assert json.loads(json.dumps({"a": [1, 2.5, None, "é"]})) == {"a": [1, 2.5, None, "é"]}
assert list(csv.DictReader(io.StringIO("a,b\n1,\"x,y\"\n"))) == [{"a": "1", "b": "x,y"}]
assert tomllib.loads("[t]\nx = 1")["t"]["x"] == 1 and tree.fromstring("<a><b c='1'/></a>")[0].get("c") == "1"
