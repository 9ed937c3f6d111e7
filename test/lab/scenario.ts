import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { evenkeel, missing, projectRoot, reference } from '../support/machine.ts';

interface Outcome {
  readonly title: string;
  readonly passed: boolean;
  readonly skipped: string | undefined;
  /** Comment lines that follow the result line. */
  readonly comments: string[];
}

interface Run {
  readonly outcomes: readonly Outcome[];
  /** From the TAP plan; undefined if the script ended before it. */
  readonly planned: number | undefined;
  readonly status: number | null;
  readonly text: string;
}

/**
 * Runs test/lab/scenarios/NAME.sh in a kernel with IPVS and makes each of its TAP lines a test.
 * DAEMON in the environment replaces the program under test.
 */
export async function scenario(name: string): Promise<void> {
  const skip = missing([
    'root',
    'namespaces',
    'ipvs kernel',
    'program ipvsadm',
    'program curl',
    `program ${reference}`,
  ]);
  if (skip !== undefined) {
    test(name, { skip }, () => {});
    return;
  }
  const run = await execute(join(projectRoot, 'test/lab/scenarios', `${name}.sh`));
  for (const outcome of run.outcomes) {
    test(`${name}: ${outcome.title}`, { skip: outcome.skipped ?? false }, (context) => {
      for (const comment of outcome.comments) context.diagnostic(comment);
      assert.ok(outcome.passed, outcome.comments.join('\n'));
    });
  }
  test(`${name}: ran to its end`, () => {
    assert.equal(run.planned, run.outcomes.length, `the script ended early:\n${run.text}`);
    assert.equal(run.status, run.outcomes.every((outcome) => outcome.passed) ? 0 : 1);
  });
}

async function execute(script: string): Promise<Run> {
  const child = spawn(join(projectRoot, 'test/lab/kernel.sh'), [script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DAEMON: process.env.DAEMON ?? evenkeel, REFERENCE: reference },
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const outcomes: Outcome[] = [];
  const lines: string[] = [];
  let planned: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const plan = /^1\.\.(\d+)$/.exec(line);
    if (plan !== null) planned = Number(plan[1]);
    const outcome = parseResult(line);
    if (outcome !== undefined) outcomes.push(outcome);
    else if (line.startsWith('#')) outcomes.at(-1)?.comments.push(line.slice(2));
  }
  return { outcomes, planned, status: await ended, text: lines.slice(-40).join('\n') };
}

function parseResult(line: string): Outcome | undefined {
  const match = /^(not )?ok \d+ - (.*?)(?: # SKIP (.*))?$/.exec(line);
  if (match === null) return undefined;
  return { title: match[2] ?? '', passed: match[1] === undefined, skipped: match[3], comments: [] };
}
