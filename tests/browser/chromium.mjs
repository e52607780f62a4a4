// A headless Chromium, driven over a pipe: no port is opened, no package is needed.
//   const browser = await launch(); const page = await browser.page(); await page.open("file:///...");
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

export async function launch() {
  const profile = mkdtempSync(join(process.env.TMP || tmpdir(), "chromium-"));
  const program = process.env.CHROMIUM || "chromium";
  const child = spawn(program, [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-default-apps", `--user-data-dir=${profile}`,
    "--remote-debugging-pipe", "about:blank",
  ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], env: { ...process.env, HOME: profile } });
  const waiting = new Map();
  const listeners = [];
  let last = 0;
  let rest = Buffer.alloc(0);

  child.stdio[4].on("data", (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
      const message = JSON.parse(rest.subarray(0, end).toString("utf8"));
      if (message.id) {
        const { resolve, reject } = waiting.get(message.id);
        waiting.delete(message.id);
        message.error ? reject(new Error(message.error.message)) : resolve(message.result);
      } else {
        listeners.forEach((listener) => listener(message));
      }
    }
  });
  const gone = (why) => {
    waiting.forEach(({ reject }) => reject(new Error(`chromium is gone: ${why}`)));
    waiting.clear();
  };
  child.on("exit", gone);
  child.on("error", gone);

  function send(method, params = {}, sessionId = undefined) {
    const id = ++last;
    child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  async function page() {
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    const call = (method, params) => send(method, params, sessionId);
    const seen = { console: [], requests: [] };
    const loads = [];
    listeners.push((message) => {
      if (message.sessionId !== sessionId) {
        return;
      }
      const { method, params } = message;
      if (method === "Runtime.exceptionThrown") {
        seen.console.push(params.exceptionDetails.exception?.description || params.exceptionDetails.text);
      } else if (method === "Runtime.consoleAPICalled" && params.type !== "log") {
        seen.console.push(params.args.map((a) => a.value).join(" "));
      } else if (method === "Log.entryAdded" && params.entry.level !== "verbose") {
        seen.console.push(params.entry.text);
      } else if (method === "Network.requestWillBeSent") {
        seen.requests.push(params.request.url);
      } else if (method === "Page.loadEventFired") {
        loads.splice(0).forEach((resolve) => resolve());
      }
    });
    for (const domain of ["Page", "Runtime", "Log", "Network"]) {
      await call(`${domain}.enable`);
    }
    return {
      seen,
      call,
      async open(url) {
        seen.console.length = 0;
        seen.requests.length = 0;
        const loaded = new Promise((resolve) => loads.push(resolve));
        await call("Page.navigate", { url });
        await loaded;
      },
      async evaluate(expression) {
        const { result, exceptionDetails } = await call("Runtime.evaluate",
          { expression, awaitPromise: true, returnByValue: true });
        if (exceptionDetails) {
          throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
        }
        return result.value;
      },
      async look(width, scheme) {
        await call("Emulation.setDeviceMetricsOverride",
          { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
        await call("Emulation.setEmulatedMedia",
          { features: [{ name: "prefers-color-scheme", value: scheme }] });
      },
      async screenshot() {
        const { cssContentSize } = await call("Page.getLayoutMetrics");
        const height = Math.min(cssContentSize.height, 12000); // more is too large for one picture
        const { data } = await call("Page.captureScreenshot", { format: "png",
          captureBeyondViewport: true, clip: { x: 0, y: 0, width: cssContentSize.width, height, scale: 1 } });
        return Buffer.from(data, "base64");
      },
      async pdf() {
        const { data } = await call("Page.printToPDF", { preferCSSPageSize: true });
        return Buffer.from(data, "base64");
      },
      close: () => send("Target.closeTarget", { targetId }),
    };
  }

  return {
    page,
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await send("Browser.close").catch(() => {});
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
