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
        worker.onmessage = ({data}) => data === "ready" ? resolve() : reject(new Error(data.error || full()));
        worker.onerror = (e) => reject(new Error(e.message || full()));
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

  // examine has a document read and resolves to {json, html}, or with annotate
  // to {copy, extension}. stop, if given, gets a function that ends it.
  const examine = async (name, bytes, language, {stop, annotate} = {}) => {
    const worker = await next.catch(() => hire());
    next = new Promise(() => {});
    try {
      return await new Promise((resolve, reject) => {
        worker.onmessage = ({data}) => data.error === undefined ? resolve(data) : reject(new Error(data.error || full()));
        worker.onerror = (e) => { // what is left of the linter once its memory has run out
          e.preventDefault();
          reject(new Error(full()));
        };
        if (stop) { stop(() => reject(new Error(say("已停止", "stopped")))); }
        const own = bytes.slice().buffer; // the caller keeps theirs
        worker.postMessage({name, bytes: own, lang: language, annotate}, [own]);
      });
    } finally {
      worker.terminate(); // its memory goes with it
      next = hire();
      next.catch(() => {});
    }
  };

  const full = () => say("检查程序中途停了，多半是浏览器的内存不够；请用 perfgoal 程序检查", "the linter stopped on the way, most likely for want of memory; use the program, perfgoal");

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
    // annotate resolves to the bytes that "perfgoal lint -o annotated=FILE NAME"
    // writes, for an archive to a ZIP of such copies.
    annotate: (name, bytes, options = {}) =>
      inTurn(async () => (await examine(name, new Uint8Array(bytes), options.lang || "zh", {annotate: true})).copy),
  };

  // What follows is the page's surface.
  const results = [];
  const state = byID("state");
  let shown = null, working = null;
  let begun = 0, due = 0; // files, of those given since there was nothing to do

  // What the page cannot read and the program may: its other PDF library, its
  // reading of scans, passwords, more memory.
  const forProgram = ["damaged", "locked", "no-text", "garbled", "limit-exceeded", "engine-unsupported"];

  const summary = (r) => {
    if (r.error) { return {tone: "error", text: say("没有完成：", "not finished: ") + r.error}; }
    const s = r.summary, parts = [];
    const add = (n, zh, en) => { if (n) { parts.push(say(n + zh, n + en)); } };
    add(s.error, "处错误", s.error === 1 ? " error" : " errors");
    add(s.warning, "处警告", s.warning === 1 ? " warning" : " warnings");
    add(s.info, "处提示", " for information");
    add(s.reading, "处没有读准", " not read for certain");
    add(s.unread, "个文件读不了或没有申报表", s.unread === 1 ? " file not read or without declaration" : " files not read or without declaration");
    if (r.why) { return {tone: "error", text: say("没有检查：", "not checked: ") + r.why}; }
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
    const list = byID("results"), looks = () => [...list.querySelectorAll("button")];
    const focus = looks().indexOf(document.activeElement);
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
        look.setAttribute("aria-label", say("看报告：", "show the report: ") + r.name);
        look.onclick = () => show(r);
        item.append(look);
      }
      const hint = (text) => {
        const line = document.createElement("span");
        line.className = "hint";
        line.textContent = text;
        item.append(line);
      };
      if (r.program) { hint(say("这个网页读不了的，可以用 perfgoal 程序再检查一次：它另有一套读法，能识别扫描件，也能用密码打开。", "What this page cannot read, the program, perfgoal, may: it has a second way of reading PDFs, reads scans and takes passwords.")); }
      if (r.note) { hint(r.note); }
      return item;
    }));
    if (focus >= 0 && looks()[focus]) { looks()[focus].focus(); }
    byID("shown").hidden = !shown;
    if (shown) {
      byID("title").textContent = shown.name;
      byID("save-copy").hidden = !shown.marks;
      byID("again").hidden = shown.lang === lang;
      byID("again").disabled = Boolean(shown.again);
    }
    tell();
  };

  const tell = () => {
    const seconds = working && say(`，已用${Math.floor((Date.now() - working.since) / 1000)}秒`, `, ${Math.floor((Date.now() - working.since) / 1000)} s`);
    if (working) {
      const text = say(`正在读第${working.n}个文件（共${due}个）：${working.name}`, `reading file ${working.n} of ${due}: ${working.name}`);
      if (working.text === text) { // only what a screen reader need not say again changes
        working.clock.textContent = seconds;
        return;
      }
      const stop = document.createElement("button"), bar = document.createElement("progress"), clock = document.createElement("span"), line = document.createElement("span");
      const focused = state.contains(document.activeElement);
      working.text = text;
      working.clock = clock;
      clock.setAttribute("aria-hidden", "true");
      clock.textContent = seconds;
      line.append(text, clock);
      bar.setAttribute("aria-label", say("正在读", "reading"));
      stop.type = "button";
      stop.textContent = say("停止", "Stop");
      stop.onclick = () => working && working.stop();
      state.replaceChildren(line, bar, stop);
      if (focused) { stop.focus(); }
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
    const html = await r.html.text();
    if (r !== shown) { return; } // another one was asked for meanwhile
    // Written, not loaded from an address, so that the report's links to its
    // own places lead there and it can be printed from here.
    const inside = byID("report").contentDocument;
    inside.open();
    inside.write(html);
    inside.close();
    byID("report").contentWindow.addEventListener("keydown", printKey);
  };

  // attend reads a file, which must be there still, and has work do something
  // with its bytes; what goes wrong is told by fail.
  const attend = (file, work, fail, folder) => {
    due++;
    return inTurn(async () => {
      working = {name: file.name, n: ++begun, since: Date.now(), stop: () => {}};
      const job = working, timer = setInterval(() => tell(), 1000);
      tell();
      try {
        if (folder) {
          throw new Error(say("这是文件夹，请先压缩成 zip 再拖进来", "this is a folder; put it into a zip first"));
        }
        if (file.size > mostBytes) {
          throw new Error(say("文件太大，浏览器的内存不够；请用 perfgoal 程序检查", "too large for a browser; use the program, perfgoal"));
        }
        let bytes;
        try {
          bytes = new Uint8Array(await file.arrayBuffer());
        } catch {
          throw new Error(say("读不了：文件正被别的程序占用，或者已经改动、移走；请关闭那个程序，重新选择文件", "cannot be read: another program holds the file, or it was changed or moved; choose it again"));
        }
        await work(bytes, (end) => { job.stop = end; });
      } catch (e) {
        fail(e.message);
      }
      clearInterval(timer);
      working = null;
      if (begun === due) { begun = due = 0; }
    });
  };

  // What a gateway or a mail program put in front of a PDF's header is no matter.
  const isPDF = (bytes) => String.fromCharCode(...bytes.subarray(0, 1024)).includes("%PDF-");
  const endsAsArchive = /\.(zip|tar|tgz|tar\.gz)$/i;

  // read checks a file and shows its report where it is the first of several
  // or was shown before.
  const read = async (file, {first, before, folder}) => {
    const r = {name: file.name, file};
    if (before) {
      before.again = true;
      draw();
    }
    await attend(file, async (bytes, stop) => {
      r.lang = lang;
      const {json, html} = await examine(file.name, bytes, lang, {stop});
      const said = JSON.parse(json), unread = said.documents.filter((d) => d.error);
      r.summary = said.summary;
      r.program = unread.some((d) => forProgram.includes(d.error.code));
      r.why = said.documents.length === 1 && unread.length === 1 ? unread[0].error.message : "";
      r.marks = said.summary.forms > 0 && (isPDF(bytes) || endsAsArchive.test(file.name));
      // As blobs they may leave memory.
      r.json = new Blob([json], {type: "application/json"});
      r.html = new Blob([html], {type: "text/html"});
    }, (why) => { if (before) { before.note = why; } else { r.error = why; } }, folder);
    if (before) { before.again = false; }
    if (before && r.html) {
      results.splice(results.indexOf(before), 1, r);
    } else if (!before) {
      results.push(r);
    }
    if (r.html && (!shown || first || before === shown)) { await show(r); } else { draw(); }
  };

  const take = (files, folders = []) => {
    [...files].forEach((file, i) => read(file, {first: i === 0, folder: folders[i]}));
  };

  // saveCopy marks the findings in a copy of the file, which is read again: to
  // keep it until then would take memory.
  const saveCopy = async (r) => {
    r.note = "";
    await attend(r.file, async (bytes, stop) => {
      const {copy, extension} = await examine(r.name, bytes, lang, {stop, annotate: true});
      save(new Blob([copy]), base(r.name) + say("-批注", "-marked") + extension);
    }, (why) => { r.note = say("没有批注副本：", "no marked copy: ") + why; });
    draw();
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
  const print = () => byID("report").contentWindow.print();
  byID("print").onclick = print;
  byID("save").onclick = () => save(shown.html, base(shown.name) + say("-检查报告.html", "-report.html"));
  byID("save-copy").onclick = () => saveCopy(shown);
  byID("again").onclick = () => read(shown.file, {before: shown});
  byID("save-json").onclick = () => save(shown.json, base(shown.name) + ".json");
  for (const b of document.querySelectorAll("[data-lang]")) { b.onclick = () => { lang = b.dataset.lang; draw(); }; }
  const over = (on) => byID("drop").classList.toggle("over", on);
  addEventListener("dragover", (e) => { e.preventDefault(); over(true); });
  addEventListener("dragleave", (e) => { if (!e.relatedTarget) { over(false); } });
  addEventListener("drop", (e) => {
    e.preventDefault();
    over(false);
    const entries = [...e.dataTransfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    take(e.dataTransfer.files, entries.map((entry) => Boolean(entry && entry.isDirectory)));
  });
  // The browser's own command would print no more of the report than shows.
  const printKey = (e) => {
    if (shown && (e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "p") {
      e.preventDefault();
      print();
    }
  };
  addEventListener("keydown", printKey);

  state.dataset.state = "loading";
  draw();
  ready.then(() => { state.dataset.state = "ready"; draw(); }, (e) => {
    state.dataset.state = "failed";
    state.dataset.why = say("检查程序没有启动：", "the linter does not start: ") + e.message;
    draw();
  });
})();
