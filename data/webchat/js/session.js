// SPDX-License-Identifier: GPL-3.0-or-later
// The visit of this browser to this company: token and name, so that a reload finds the conversation again.

export class Session {
  #key;

  constructor(tenant) {
    this.#key = `guiche:visit:${tenant}`;
  }

  load() {
    try {
      const saved = JSON.parse(localStorage.getItem(this.#key));
      return saved && typeof saved.token === 'string' ? saved : null;
    } catch {
      return null;
    }
  }

  save(visit) {
    try {
      localStorage.setItem(this.#key, JSON.stringify(visit));
    } catch { /* private browsing: the visit lasts as long as the tab */ }
  }

  forget() {
    try {
      localStorage.removeItem(this.#key);
    } catch { /* nothing was kept */ }
  }
}
