// tries: buffers that change while somebody looks into them
// attack: 101, 40
// ends: succeeded or exception
const buffer = new ArrayBuffer(1024, { maxByteLength: 4096 });
const view = new Uint8Array(buffer);
const evil = { valueOf() { try { buffer.resize(0); } catch (error) {} return 500; } };
try { view.fill(1, 0, evil); } catch (error) {}
try { view.subarray(evil); view.copyWithin(0, evil); view.set([1], evil); view.sort(() => { try { buffer.resize(4096); } catch (error) {} return 0; }); view.at(evil); } catch (error) {}
class Odd extends Uint8Array { set() { r; } }
try { new Odd().filter((x) => 0); } catch (error) {}
