// A served page: scenes come from the server that sent the page.

import type { Request } from "../core/types.gen";
import { type Backend, ProblemError, problem, readProblem } from "../ui/backend";

/** The backend of a served page. */
export function served(): Backend {
  return {
    live: true,
    still: "/still.png",
    first: (stop) => call("/scene", { method: "GET", signal: stop ?? null }),
    doing,
    ask: (request, stop) => call("/api", { method: "POST", ...json(request), signal: stop ?? null }),
  };
}

function json(request: Request): RequestInit {
  return { body: JSON.stringify(request), headers: { "content-type": "application/json" } };
}

/** A detail of long work; without it the page still says that there is some. */
async function doing(): Promise<string> {
  try {
    return new TextDecoder().decode(await call("/doing", { method: "GET" }));
  } catch {
    return "";
  }
}

async function call(path: string, options: RequestInit): Promise<Uint8Array> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...options, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new ProblemError(
      problem("Connection", "the matcube server no longer answers", "start it again and reload the page"),
    );
  }
  const isProblem = answer.headers.get("content-type")?.startsWith("application/json");
  if (answer.ok && !isProblem) return new Uint8Array(await answer.arrayBuffer());
  if (answer.status === 401 || answer.status === 403) {
    throw new ProblemError(
      problem(
        "Connection",
        "the matcube server no longer accepts this page",
        "open the address it printed again",
      ),
    );
  }
  throw new ProblemError(readProblem(await answer.json().catch(() => null)));
}
