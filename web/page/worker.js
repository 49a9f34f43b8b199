// A worker reads one document and is let go, and its memory with it. It is
// told {module, sample, rounds}, reads the sample so often, says "ready", is
// told {name, bytes, lang} and says {json, html}, or with annotate {copy,
// extension}; or it says {error}, {error: ""} where its memory ran out.
"use strict";
const start = (module) => new Promise((resolve, reject) => {
  let started = false;
  self.perfgoalReady = () => { started = true; resolve(); };
  // The linter only ends where it cannot go on.
  const end = (e) => started ? self.postMessage({error: ""}) : reject(e || new Error("it ends"));
  const go = new Go();
  WebAssembly.instantiate(module, go.importObject).then((instance) => go.run(instance)).then(() => end(), end);
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
    const work = data.annotate ? self.perfgoalAnnotate : self.perfgoalLint;
    self.postMessage(await work(data.name, new Uint8Array(data.bytes), data.lang));
  } catch (e) {
    self.postMessage({error: String(e && e.message || e)});
  }
};
