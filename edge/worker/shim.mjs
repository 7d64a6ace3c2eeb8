// What the Workers runtime loads: hands its events to the wasm module and gives it a fresh instance after a panic.
import { WorkerEntrypoint } from "cloudflare:workers";
import * as edge from "./index.js";

const state = edge.__worker_init_state();

/** Call an exported handler; the instance that a panic left behind is replaced before the next call. */
async function enter(handler, self, event) {
  if (state.criticalError) {
    edge.__wbg_reset_state();
    state.criticalError = false;
    state.instanceId++;
  }
  try {
    return await handler.call(self, event, self.env, self.ctx);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
    throw error;
  }
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    return enter(edge.fetch, this, request);
  }

  async scheduled(controller) {
    return enter(edge.scheduled, this, controller);
  }
}
