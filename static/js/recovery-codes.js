// "Copy the codes": offered only where the browser can.

const button = document.querySelector("[data-copy]");
const source = button && document.getElementById(button.dataset.copy);

if (source && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = "Copied";
  });
}
