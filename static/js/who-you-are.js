// Shows only the fields of who somebody says they are. Without this script all of them stand there, with their hints.

const FOR = { stage_name: ["actor"], birth_date: ["actor"], house: ["agency", "casting", "production"] };
const choices = [...document.querySelectorAll("input[name=who]")];

function show() {
  const who = choices.find((choice) => choice.checked)?.value;
  for (const [name, whose] of Object.entries(FOR)) {
    const around = document.getElementById(`div_id_${name}`);
    if (around) around.hidden = Boolean(who) && !whose.includes(who);
  }
}

for (const choice of choices) choice.addEventListener("change", show);
show();
