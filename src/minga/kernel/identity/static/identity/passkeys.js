/* Enters with a passkey, or makes one. What it asks the browser for stands in #passkey-options,
   or is fetched from where the form is sent; what the browser answers goes into the form. */
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;

  const part = (name) => form.querySelector(`[data-passkey-${name}]`);
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  async function asked() {
    if (form.dataset.passkey !== "ask") {
      return JSON.parse(document.getElementById("passkey-options").textContent);
    }
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  function read(options) {
    const key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) {
      key.user.id = bytes(key.user.id);
      key.authenticatorSelection.residentKey = "required";
      key.authenticatorSelection.requireResidentKey = true;
    }
    for (const list of [key.excludeCredentials, key.allowCredentials]) {
      for (const one of list || []) one.id = bytes(one.id);
    }
    return { publicKey: key };
  }

  function written(credential) {
    const response = {};
    for (const name of
      ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function press() {
    part("failed").hidden = true;
    try {
      const told = await asked();
      const credential = told.creation_options
        ? await navigator.credentials.create(read(told.creation_options))
        : await navigator.credentials.get(read(told.request_options));
      form.elements.credential.value = written(credential);
      form.submit();
    } catch {
      part("failed").hidden = false;
    }
  }

  part("without").hidden = true;
  part("with").hidden = false;
  part("with").querySelector("button").addEventListener("click", press);
})();
