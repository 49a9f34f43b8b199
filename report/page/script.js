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
  var reveal = function () {
    var at = location.hash && document.getElementById(location.hash.slice(1));
    for (var n = at; n; n = n.parentElement) { if (n.tagName === "DETAILS") { n.open = true; } }
    if (at) { at.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
