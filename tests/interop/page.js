// What a browser gives its page, and nothing else: the clients run in Node as they would there, unchanged.
// `require` loads from the folder of one client generation (v4, v5, v6), which has the packages.
'use strict';

const {PageRequest} = require('./page_request.js');

function openPage(require) {
  require('fake-indexeddb/auto');
  globalThis.WebSocket = require('ws');
  globalThis.XMLHttpRequest = PageRequest;

  const listeners = new EventTarget();
  let isOnline = true;
  globalThis.window = {
    indexedDB: globalThis.indexedDB,
    addEventListener: listeners.addEventListener.bind(listeners),
    removeEventListener: listeners.removeEventListener.bind(listeners),
    navigator: {get onLine() { return isOnline; }},
  };
  return {
    /** What a browser tells its page when the network goes or comes. */
    setOnline(value) {
      isOnline = value;
      listeners.dispatchEvent(new Event(value ? 'online' : 'offline'));
    },
  };
}

/** Loads something as a page would: generations 4 and 5 ask for a document, and take any `process` with a version for Node. */
function loadAsPage(load) {
  const node = globalThis.process;
  globalThis.window.document = {};
  globalThis.process = Object.create(node, {versions: {value: {}}});
  try {
    return load();
  } finally {
    globalThis.process = node;
  }
}

module.exports = {openPage, loadAsPage};
