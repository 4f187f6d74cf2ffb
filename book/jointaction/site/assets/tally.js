/* Counts the codes that a class hands in: each prediction with its answers, and what could not be read. */
(() => {
  const form = document.querySelector("form.ja-tally"), counts = document.querySelector(".ja-counts");
  const questions = JSON.parse(document.querySelector(".ja-questions").textContent);
  const known = new Map(questions.flatMap((question, at) => question.codes.map((code, answer) => [code, [at, answer]])));
  const make = (tag, fields = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), fields);
    element.append(...children);
    return element;
  };

  function count() {
    const found = questions.map(() => new Map()), unread = [];
    form.querySelector("textarea").value.split("\n").forEach((line, at) => {
      for (const word of line.toUpperCase().split(/[\s,;]+/).filter(Boolean)) {
        const place = known.get(word);
        if (!place) { unread.push(`${word} in line ${at + 1}`); continue; }
        found[place[0]].set(place[1], (found[place[0]].get(place[1]) || 0) + 1);
      }
    });
    const all = found.reduce((sum, answers) => sum + [...answers.values()].reduce((a, b) => a + b, 0), 0);
    const said = all === 1 ? "1 prediction counted." : `${all} predictions counted.`;
    form.querySelector(".ja-unread").textContent = unread.length
      ? `${said} No code of this book: ${unread.join(", ")}. Ask for it again; a code has six letters.` : said;
    counts.replaceChildren(...questions.flatMap((question, at) => (found[at].size ? [distribution(question, found[at])] : [])));
  }

  function distribution(question, answers) {
    const total = [...answers.values()].reduce((a, b) => a + b, 0);
    const shown = question.answers.map((answer, at) => [answer, answers.get(at) || 0]);
    const few = shown.length > 12 ? shown.filter(([, number]) => number) : shown; // of a scale only what was chosen
    const body = make("tbody", {}, ...few.map(([answer, number]) => make("tr", {},
      make("th", { scope: "row", textContent: answer }), make("td", { textContent: number }),
      make("td", {}, make("meter", { min: 0, max: total, value: number, ariaLabel: `${number} of ${total}` })))));
    const head = make("thead", {}, make("tr", {}, ...["Answer", "How many", "Share"].map((title) => make("th", { scope: "col", textContent: title }))));
    return make("section", {}, make("h2", { textContent: question.chapter }),
      make("table", { className: "table" }, make("caption", { textContent: question.question }), head, body),
      make("details", {}, make("summary", { textContent: "Show the answer" }), make("p", { textContent: question.truth })));
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); count(); });
})();
