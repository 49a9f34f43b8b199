"use strict";
// The page: files come in, each goes to a worker of its own, its report comes
// back. Nothing here asks the network for anything; the policy in the head
// forbids it.
(() => {
  const MiB = 1 << 20;
  const mostBytes = 128 * MiB; // a browser's tab has too little memory for more
  const byID = (id) => document.getElementById(id);
  let lang = /^en/i.test(navigator.language || "") ? "en" : "zh";
  const say = (zh, en) => lang === "en" ? en : zh;

  // decode takes an element's bytes out of it, which are written as pairs of 91
  // characters (encode in page.go).
  const decode = (id) => {
    const element = byID(id), text = element.textContent;
    element.remove(); // the linter is nine million characters
    const values = new Int16Array(128).fill(-1);
    for (let i = 0; i < 91; i++) {
      let c = 61 + i;
      if (c > 126) { c += 33 - 127; }
      values[c] = i;
    }
    const out = new Uint8Array(Number(element.dataset.size));
    let held = 0, bits = 0, n = 0;
    for (let i = 0; i + 1 < text.length; i += 2) {
      held |= (values[text.charCodeAt(i)] + 91 * values[text.charCodeAt(i + 1)]) << bits;
      for (bits += 13; bits >= 8; bits -= 8) {
        if (n < out.length) { out[n++] = held & 255; }
        held >>>= 8;
      }
    }
    return out;
  };

  const unpack = async () => {
    if (typeof DecompressionStream === "undefined" || typeof WebAssembly === "undefined") {
      throw new Error(say("这个浏览器太旧，打不开检查程序；请用新版的 Edge、Chrome、360 或 Firefox", "this browser is too old; use a recent Edge, Chrome or Firefox"));
    }
    const stream = new Blob([decode("linter")]).stream().pipeThrough(new DecompressionStream("gzip"));
    return WebAssembly.compile(await new Response(stream).arrayBuffer());
  };

  const sample = decode("sample");
  const source = URL.createObjectURL(new Blob([byID("worker").textContent], {type: "text/javascript"}));
  const module = unpack();

  // hire makes a worker that is ready to read a document. It reads the sample
  // first, so that what is built at first use is there; the first worker more
  // often, until the browser has compiled what is run often for speed, which
  // holds for those that follow.
  const hire = async (rounds = 3) => {
    const worker = new Worker(source);
    try {
      await new Promise((resolve, reject) => {
        worker.onmessage = ({data}) => data === "ready" ? resolve() : reject(new Error(data.error));
        worker.onerror = (e) => reject(new Error(e.message));
        module.then((m) => worker.postMessage({module: m, sample, rounds}), reject);
      });
    } catch (e) {
      worker.terminate();
      throw e;
    }
    return worker;
  };
  let next = hire(40); // the one that waits for a document
  const ready = next.then(() => undefined);
  ready.catch(() => {});

  // examine has a document read and resolves to {json, html}. stop, if given,
  // gets a function that ends it.
  const examine = async (name, bytes, language, stop) => {
    const worker = await next.catch(() => hire());
    next = new Promise(() => {});
    try {
      return await new Promise((resolve, reject) => {
        worker.onmessage = ({data}) => data.error === undefined ? resolve(data) : reject(new Error(data.error));
        worker.onerror = (e) => reject(new Error(e.message));
        if (stop) { stop(() => reject(new Error(say("已停止", "stopped")))); }
        const own = bytes.slice().buffer; // the caller keeps theirs
        worker.postMessage({name, bytes: own, lang: language}, [own]);
      });
    } finally {
      worker.terminate(); // its memory goes with it
      next = hire();
      next.catch(() => {});
    }
  };

  // One document at a time: two would need twice the memory.
  let last = Promise.resolve();
  const inTurn = (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };

  window.perfgoal = {
    ready,
    // lint resolves to the text that "perfgoal lint -o json NAME" prints.
    lint: (name, bytes, options = {}) =>
      inTurn(async () => (await examine(name, new Uint8Array(bytes), options.lang || "zh")).json),
  };

  // What follows is the page's surface.
  const results = [];
  const state = byID("state");
  let shown = null, working = null;

  const summary = (r) => {
    if (r.error) { return {tone: "error", text: say("没有完成：", "not finished: ") + r.error}; }
    const s = r.summary, parts = [];
    const add = (n, zh, en) => { if (n) { parts.push(say(n + zh, n + en)); } };
    add(s.error, "处错误", s.error === 1 ? " error" : " errors");
    add(s.warning, "处警告", s.warning === 1 ? " warning" : " warnings");
    add(s.info, "处提示", " for information");
    add(s.reading, "处没有读准", " not read for certain");
    add(s.unread, "个文件读不了或没有申报表", s.unread === 1 ? " file not read or without declaration" : " files not read or without declaration");
    const tone = s.unread || s.error ? "error" : s.partial ? "reading" : s.warning ? "warning" : "good";
    const what = parts.length ? parts.join(say("，", ", ")) : say("没有发现问题", "nothing found");
    return {tone, text: say(s.forms + "张表，", s.forms + (s.forms === 1 ? " form, " : " forms, ")) + what};
  };

  const draw = () => {
    document.documentElement.lang = say("zh-CN", "en");
    document.title = say("perfgoal 绩效目标申报表检查", "perfgoal: check performance-target declarations");
    for (const e of document.querySelectorAll("[data-zh]")) { e.textContent = e.dataset[lang]; }
    for (const b of document.querySelectorAll("[data-lang]")) { b.setAttribute("aria-pressed", String(b.dataset.lang === lang)); }
    byID("report").title = say("检查报告", "Report");
    const list = byID("results");
    list.hidden = !results.length;
    list.replaceChildren(...results.map((r) => {
      const item = document.createElement("li"), name = document.createElement("span"), what = document.createElement("span");
      const {tone, text} = summary(r);
      item.className = tone;
      name.className = "name";
      name.textContent = r.name;
      what.className = "what";
      what.textContent = text;
      item.append(name, what);
      if (r.html && results.length > 1) {
        const look = document.createElement("button");
        look.type = "button";
        look.textContent = say("看报告", "show");
        look.setAttribute("aria-pressed", String(r === shown));
        look.onclick = () => show(r);
        item.append(look);
      }
      return item;
    }));
    byID("shown").hidden = !shown;
    if (shown) { byID("title").textContent = shown.name; }
    tell();
  };

  const tell = () => {
    const stop = document.createElement("button");
    if (working) {
      const seconds = Math.floor((Date.now() - working.since) / 1000);
      const text = say(`正在读第${working.n}个文件（共${working.of}个）：${working.name}，已用${seconds}秒`, `reading file ${working.n} of ${working.of}: ${working.name}, ${seconds} s`);
      const bar = document.createElement("progress");
      bar.setAttribute("aria-label", say("正在读", "reading"));
      stop.type = "button";
      stop.textContent = say("停止", "Stop");
      stop.onclick = () => working && working.stop();
      state.replaceChildren(text, bar, stop);
    } else if (state.dataset.state === "loading") {
      state.replaceChildren(say("正在准备……", "getting ready …"));
    } else if (state.dataset.state === "failed") {
      state.replaceChildren(state.dataset.why);
    } else {
      state.replaceChildren(results.length ? say("检查完毕。", "Done.") : say("准备好了。", "Ready."));
    }
    state.className = state.dataset.state === "failed" ? "bad" : "";
  };

  const show = async (r) => {
    shown = r;
    draw();
    // Written, not loaded from an address, so that the report's links to its
    // own places lead there and it can be printed from here.
    const inside = byID("report").contentDocument;
    inside.open();
    inside.write(await r.html.text());
    inside.close();
  };

  const read = (file, n, of) => inTurn(async () => {
    const r = {name: file.name};
    working = {name: file.name, n, of, since: Date.now(), stop: () => {}};
    const job = working, timer = setInterval(() => tell(), 1000);
    tell();
    try {
      if (file.size > mostBytes) {
        throw new Error(say("文件太大，浏览器的内存不够；请用 perfgoal 程序检查", "too large for a browser; use the program, perfgoal"));
      }
      let bytes;
      try {
        bytes = new Uint8Array(await file.arrayBuffer());
      } catch {
        throw new Error(say("读不了；是文件夹的话，请先压缩成 zip", "cannot be read; a folder has to be put into a zip first"));
      }
      const {json, html} = await examine(file.name, bytes, lang, (end) => { job.stop = end; });
      r.summary = JSON.parse(json).summary;
      // As blobs they may leave memory.
      r.json = new Blob([json], {type: "application/json"});
      r.html = new Blob([html], {type: "text/html"});
    } catch (e) {
      r.error = e.message;
    }
    clearInterval(timer);
    working = null;
    results.push(r);
    if (r.html && (!shown || n === 1)) { await show(r); } else { draw(); }
  });

  const take = (files) => {
    [...files].forEach((file, i) => read(file, i + 1, files.length));
  };

  const save = (blob, name) => {
    const a = document.createElement("a");
    a.href = URL.createObjectURL(blob);
    a.download = name;
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 60000);
  };
  const base = (name) => name.replace(/\.[^.]*$/, "");

  byID("files").onchange = (e) => { take(e.target.files); e.target.value = ""; };
  byID("print").onclick = () => byID("report").contentWindow.print();
  byID("save").onclick = () => save(shown.html, base(shown.name) + say("-检查报告.html", "-report.html"));
  byID("save-json").onclick = () => save(shown.json, base(shown.name) + ".json");
  for (const b of document.querySelectorAll("[data-lang]")) { b.onclick = () => { lang = b.dataset.lang; draw(); }; }
  const over = (on) => byID("drop").classList.toggle("over", on);
  addEventListener("dragover", (e) => { e.preventDefault(); over(true); });
  addEventListener("dragleave", (e) => { if (!e.relatedTarget) { over(false); } });
  addEventListener("drop", (e) => { e.preventDefault(); over(false); take(e.dataTransfer.files); });

  state.dataset.state = "loading";
  draw();
  ready.then(() => { state.dataset.state = "ready"; draw(); }, (e) => {
    state.dataset.state = "failed";
    state.dataset.why = say("检查程序没有启动：", "the linter does not start: ") + e.message;
    draw();
  });
})();
