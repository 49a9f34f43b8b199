// A worker reads one document and is let go, and its memory with it. It is
// told {module, sample, rounds}, reads the sample so often, says "ready", is
// told {name, bytes, lang} and says {json, html} or {error}.
"use strict";
const start = (module) => new Promise((resolve, reject) => {
  self.perfgoalReady = resolve;
  const go = new Go();
  WebAssembly.instantiate(module, go.importObject).then((instance) => go.run(instance)).catch(reject);
});

self.onmessage = async ({data}) => {
  try {
    if (data.module) {
      await start(data.module);
      for (let i = 0; i < data.rounds; i++) {
        await self.perfgoalLint("sample.pdf", data.sample, "zh");
      }
      self.postMessage("ready");
      return;
    }
    self.postMessage(await self.perfgoalLint(data.name, new Uint8Array(data.bytes), data.lang));
  } catch (e) {
    self.postMessage({error: String(e && e.message || e)});
  }
};
