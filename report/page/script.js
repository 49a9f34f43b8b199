"use strict";
(function () {
  var form = document.getElementById("filters");
  if (form) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("#findings tbody tr"));
    var words = rows.map(function (r) { return r.textContent.toLowerCase(); });
    var count = document.getElementById("count");
    var apply = function () {
      var want = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      rows.forEach(function (r, i) {
        var on = form.elements["s-" + r.dataset.s].checked &&
          (!form.elements.rule.value || form.elements.rule.value === r.dataset.r) &&
          (!form.elements.file.value || form.elements.file.value === r.dataset.f) &&
          want.every(function (w) { return words[i].indexOf(w) >= 0; });
        r.hidden = !on;
        if (on) { shown++; }
      });
      count.textContent = count.dataset.text.replace("%1", shown).replace("%2", rows.length);
    };
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("reset", function () { setTimeout(apply); });
    form.addEventListener("submit", function (e) { e.preventDefault(); });
    apply();
  }

  // A link opens what it leads to, also when it is followed a second time.
  // Forms are laid out as they come into sight, which moves those below; not
  // every browser makes up for that. So it is followed until it rests.
  var land = function (at) {
    var rests = 0, frames = 0;
    var step = function () {
      var before = at.getBoundingClientRect().top;
      at.scrollIntoView({ block: "start", inline: "start" });
      rests = Math.abs(at.getBoundingClientRect().top - before) < 1 ? rests + 1 : 0;
      if (rests < 5 && ++frames < 60) { requestAnimationFrame(step); }
    };
    step();
  };
  var reveal = function () {
    var at = location.hash && document.getElementById(location.hash.slice(1));
    for (var n = at; n; n = n.parentElement) { if (n.tagName === "DETAILS") { n.open = true; } }
    if (at) { land(at); }
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", function (e) {
    var link = e.target.closest("a");
    if (link && link.hash && link.hash === location.hash) { setTimeout(reveal); }
  });
  reveal();

  // Printing gives the summary and the list; forms come along when asked for.
  var root = document.documentElement, bar = document.getElementById("print");
  var print = function (what, form) {
    var closed = what === "all" ? Array.prototype.slice.call(document.querySelectorAll("details:not([open])")) : [];
    root.dataset.print = what;
    closed.forEach(function (d) { d.open = true; });
    if (form) { form.classList.add("printed"); form.parentElement.classList.add("printed"); }
    addEventListener("afterprint", function () {
      delete root.dataset.print;
      closed.forEach(function (d) { d.open = false; });
      if (form) { form.classList.remove("printed"); form.parentElement.classList.remove("printed"); }
    }, { once: true });
    window.print();
  };
  bar.hidden = false;
  bar.addEventListener("click", function (e) { if (e.target.dataset.what) { print(e.target.dataset.what); } });
  document.querySelectorAll("article, details.form").forEach(function (form) {
    var p = document.createElement("p"), button = document.createElement("button");
    p.className = "print";
    button.type = "button";
    button.textContent = bar.dataset.one;
    button.addEventListener("click", function () { print("one", form); });
    p.appendChild(button);
    form.appendChild(p);
  });
})();
