// XMLHttpRequest as a browser gives it to its page, as far as HTTP libraries use it. A connection that is lost is the event
// `error` and nothing else, as there.
'use strict';

class PageRequest {
  constructor() {
    Object.assign(this, {readyState: 0, status: 0, statusText: '', responseText: '', response: '', responseURL: '', timeout: 0,
      onloadend: null, onerror: null, onabort: null, ontimeout: null, upload: new EventTarget()});
    this.headers = {};
    this.answered = new Headers();
    this.cancel = new AbortController();
  }

  open(method, url) {
    Object.assign(this, {method, url, readyState: 1});
  }

  setRequestHeader(name, value) {
    this.headers[name] = value;
  }

  send(body) {
    fetch(this.url, {method: this.method, headers: this.headers, body, signal: this.cancel.signal}).then(async (answer) => {
      const text = await answer.text();
      Object.assign(this, {status: answer.status, statusText: answer.statusText, responseURL: answer.url, responseText: text,
        response: text, readyState: 4});
      this.answered = answer.headers;
      this.onloadend?.({type: 'loadend', target: this});
    }).catch(() => {
      this.readyState = 4;
      if (this.cancel.signal.aborted) this.onabort?.({type: 'abort', target: this});
      else this.onerror?.({type: 'error', target: this});
    });
  }

  abort() {
    this.cancel.abort();
  }

  getAllResponseHeaders() {
    return [...this.answered].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  addEventListener() {} // For progress, which nobody here asks for.
}

module.exports = {PageRequest};
