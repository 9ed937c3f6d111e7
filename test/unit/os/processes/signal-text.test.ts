import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { describe, it } from 'node:test';
import { signalText } from '../../../../src/os/processes/signal-text.ts';

describe('what is said of a signal', () => {
  it('is one text for a number that has two names', () => {
    assert.equal(signalText(constants.signals.SIGABRT), 'Aborted');
    assert.equal(signalText(constants.signals.SIGIOT), 'Aborted');
    assert.equal(signalText(constants.signals.SIGPOLL), 'I/O possible');
  });

  it('is known of each that ends a process', () => {
    const others = ['SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGWINCH'];
    for (const [name, signal] of Object.entries(constants.signals))
      if (!others.includes(name)) assert.doesNotMatch(signalText(signal), /unknown/i, name);
  });

  it('counts real-time signals from the first that programs may have', () => {
    assert.equal(signalText(34), 'Real-time signal 0');
    assert.equal(signalText(64), 'Real-time signal 30');
    assert.equal(signalText(33), 'Unknown signal 33');
  });
});
