// Answers questions about the kernel's state. The host puts them to a copy of the kernel and throws the copy away. Nothing here runs code of the
// user's own.
//
// A question is JSON with one key, its name: `{"complete": {"code": "Ma", "cursor": 2}}`.

import { complete, is_complete } from "selvedge/completion";
import { json } from "selvedge/display";
import { inspect } from "selvedge/inspection";
import { variables } from "selvedge/variables";

const { emit } = native;
const { page } = user.selvedge;
delete user.selvedge.page;
const ANSWER = 6;
const KINDS = { complete, inspect, is_complete, page, variables };

// What the host calls.
export function answer(question) {
  const [name, given] = Object.entries(JSON.parse(question))[0];
  if (!Object.hasOwn(KINDS, name)) return;
  try {
    emit(ANSWER, json(KINDS[name](given)));
  } catch (error) {
    emit(ANSWER, json({ status: "error", ename: String(error?.name), evalue: String(error?.message).slice(0, 1_000) }));
  }
}
