import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseCommandLine } from '../../../../src/daemon/command/command-line.ts';
import { OPTION_TABLE } from '../../../../src/daemon/command/option-table.ts';
import type { Options } from '../../../../src/daemon/command/options.ts';
import { defaultOptions } from '../../../../src/daemon/command/options.ts';
import { usageText, versionText } from '../../../../src/daemon/command/version.ts';

const stderrOf = (...words: string[]): string[] =>
  parseCommandLine(words)
    .output.filter((line) => line.stream === 'stderr')
    .map((line) => line.text);

describe('option values', () => {
  const cases: [string[], Partial<Options>][] = [
    [[], {}],
    [['-f', 'a.conf'], { configFile: 'a.conf' }],
    [['-fa.conf'], { configFile: 'a.conf' }],
    [['--use-file=a.conf'], { configFile: 'a.conf' }],
    [['--use-file', 'a.conf'], { configFile: 'a.conf' }],
    [['-P'], { daemons: { vrrp: true, checker: false, bfd: true } }],
    [['-C'], { daemons: { vrrp: false, checker: true, bfd: true } }],
    [['--no_bfd', '-PC'], { daemons: { vrrp: false, checker: false, bfd: false } }],
    [['-nlD'], { dontFork: true, logConsole: true, logDetail: true }],
    [['-nlp', 'x'], { dontFork: true, logConsole: true, pidFile: 'x' }],
    [
      ['-p', 'a', '-r', 'b', '-c', 'c', '-b', 'd'],
      { pidFile: 'a', vrrpPidFile: 'b', checkersPidFile: 'c', bfdPidFile: 'd' },
    ],
    [['--vrrp_pid=b', '--checkers_pid', 'c'], { vrrpPidFile: 'b', checkersPidFile: 'c' }],
    [['-VIRX'], { dontReleaseVrrp: true, dontReleaseIpvs: true, dontRespawn: true, releaseVips: true }],
    [['-S', '0'], { logFacility: 16 }],
    [['-S', 'local7'], { logFacility: 23 }],
    [['-S', 'user'], { logFacility: 1 }],
    [['-S', 'daemon'], { logFacility: 3 }],
    [['-u', '022'], { umask: 0o022 }],
    [['-u', '0x3f'], { umask: 0o077 }],
    [['-u', '63'], { umask: 0o077 }],
    [['-g'], { logFile: '' }],
    [['-gx.log', '--flush-log-file'], { logFile: 'x.log', flushLogFile: true }],
    [['-i', ''], { configId: '' }],
    [['-t'], { configTest: '', dontRespawn: true, dontFork: true, noSyslog: true }],
    [['-t/x'], { configTest: '/x', dontRespawn: true, dontFork: true, noSyslog: true }],
    [['--config-test=/x'], { configTest: '/x', dontRespawn: true, dontFork: true, noSyslog: true }],
    [['-t/x', '-t'], { configTest: '/x', dontRespawn: true, dontFork: true, noSyslog: true }],
    [['--dump-con'], { dumpConfig: true }],
    [
      ['-a', '-m', '-e', '-G', '-d'],
      { addressMonitoring: true, coreDump: true, allConfig: true, noSyslog: true, dumpConfig: true },
    ],
    [['--ignore-sigint', '--all', '-s', 'blue'], { ignoreSigint: true, all: true, namespace: 'blue' }],
    [['-C', '-B', '--all', '-P'], { all: true, daemons: { vrrp: true, checker: false, bfd: true } }],
    [['--', '-n'], {}],
  ];
  for (const [words, expected] of cases) {
    it(`keepalived ${words.join(' ')}`, () => {
      const { options, action } = parseCommandLine(words);
      assert.deepEqual(options, { ...defaultOptions(), ...expected });
      assert.equal(action, 'run');
    });
  }
});

describe('messages and statuses', () => {
  const refused: [string[], string[]][] = [
    [['-Z'], ['Unknown option -Z']],
    [
      ['-Zn', '-Q'],
      ['Unknown option -Z', 'Unknown option -Q'],
    ],
    [['--foo', '-t'], ['Unknown option --foo']],
    [['--vr'], ['Unknown option --vr']],
    [['--dont'], ['Unknown option --dont']],
    [['--dump-conf=x'], ['Unknown option --dump-conf=x']],
    [['-p'], ['Missing parameter for option -p']],
    [['--pid'], ['Missing parameter for option --pid']],
    [['--pid=', '-t'], ['Missing parameter for option --pid']],
    [['--pid', '', '-t'], ['Missing parameter for option --pid']],
  ];
  for (const [words, lines] of refused) {
    it(`keepalived ${words.join(' ')} ends with 1`, () => {
      assert.deepEqual(stderrOf(...words), lines);
      assert.deepEqual(parseCommandLine(words).action, { exit: 1 });
    });
  }

  for (const facility of ['9', '-1', 'local8', 'kern', '08']) {
    it(`goes on with an invalid facility ${facility}, which fails a configuration test`, () => {
      const { options, action, invalidNumber } = parseCommandLine(['-S', facility]);
      assert.deepEqual(stderrOf('-S', facility), [`Invalid log facility '${facility}'`]);
      assert.deepEqual([options.logFacility, action, invalidNumber], [3, 'run', true]);
    });
  }

  it('remembers that a facility is no number even if it is a good one', () => {
    const words = ['0', '7', '03', 'local3', 'daemon', 'user'];
    const verdicts = words.map((word) => parseCommandLine(['-S', word]).invalidNumber);
    assert.deepEqual(verdicts, [false, false, false, true, true, true]);
  });

  for (const mask of ['zz', '1000', '0777777', '0178', '0x']) {
    it(`goes on with an invalid mask '${mask}'`, () => {
      assert.deepEqual(stderrOf('-u', mask), [`Invalid --umask option ${mask}`]);
      assert.equal(parseCommandLine(['-u', mask]).options.umask, undefined);
    });
  }

  for (const [name, number] of Object.entries({
    STOP: 15,
    RELOAD: 1,
    DATA: 10,
    STATS: 12,
    STATS_CLEAR: 63,
    JSON: 36,
  })) {
    it(`prints ${number} for --signum=${name}`, () => {
      const { action, output } = parseCommandLine([`--signum=${name}`, '--foo']);
      assert.deepEqual(output, [{ stream: 'stdout', text: String(number) }]);
      assert.deepEqual(action, { exit: 0 });
    });
  }

  it('refuses a signal name it does not know', () => {
    assert.deepEqual(stderrOf('--signum', 'stats'), ['Unknown sigfunc stats']);
    assert.deepEqual(parseCommandLine(['--signum', 'stats']).action, { exit: 1 });
    assert.deepEqual(stderrOf('--signum='), ['Missing parameter for option --signum']);
  });

  it('mentions left-over words and goes on', () => {
    const { output, action, options } = parseCommandLine(['a', '-n', 'b', '--', '-l']);
    assert.deepEqual(output, [{ stream: 'stdout', text: 'Unexpected argument(s): a b -l ' }]);
    assert.deepEqual([action, options.dontFork, options.logConsole], ['run', true, false]);
  });

  it('shows version and usage at once, whatever follows and whatever was wrong before', () => {
    assert.equal(parseCommandLine(['-v', '--foo']).action, 'version');
    assert.equal(parseCommandLine(['-Zh']).action, 'help');
    assert.equal(parseCommandLine(['-hZ']).action, 'help');
  });

  it('takes the options of SNMP, core files and the form of the log', () => {
    const { options } = parseCommandLine(['-x', '-A', 'tcp:host:705', '-M', '--log-format=json', '--config-fd=3']);
    assert.equal(options.snmp, true);
    assert.equal(options.snmpSocket, 'tcp:host:705');
    assert.deepEqual([options.coreDump, options.corePattern], [true, 'core']);
    assert.equal(options.logFormat, 'json');
    assert.deepEqual(stderrOf('--log-format=xml'), ["Invalid log format 'xml'"]);
  });

  it('hands everything to genhash after -T', () => {
    assert.deepEqual(parseCommandLine(['-T', '-s', 'x']).action, { genhash: ['-s', 'x'] });
    assert.deepEqual(parseCommandLine(['-l', '--genh', '-v']).action, { genhash: ['-v'] });
    assert.match(stderrOf('-l', '--genh')[0] ?? '', /`genhash` not used as first option/);
    assert.match(stderrOf('-lT')[0] ?? '', /`-T` not used as first option/);
    assert.deepEqual(stderrOf('-Tl'), []);
  });

  it('has an answer to any words', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom(...OPTION_TABLE.map((row) => `--${row.long}`)),
      fc.constantFrom(...OPTION_TABLE.flatMap((row) => (row.short === undefined ? [] : [`-${row.short}`]))),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const { action, output } = parseCommandLine(words);
        if (typeof action === 'object' && 'exit' in action && action.exit === 1) assert.notEqual(output.length, 0);
      }),
    );
  });
});

describe('texts', () => {
  it('begins the version as exporters expect it', () => {
    const facts = {
      kernel: { name: 'Linux', release: '6.1.0', version: '#1 SMP' },
      distribution: 'Debian GNU/Linux 12 (bookworm)',
      nodeVersion: 'v20.0.0',
    };
    const lines = versionText(facts).split('\n');
    assert.match(lines[0] ?? '', /^Keepalived v2\.4\.3 \(\d\d\/\d\d,\d{4}\)$/);
    assert.ok(lines.includes('Running on Linux 6.1.0 #1 SMP'));
    assert.ok(lines.some((line) => /^Evenkeel v\d/.test(line)));
  });

  it('lists every option in the usage', () => {
    const usage = usageText('keepalived');
    for (const row of OPTION_TABLE) {
      if (row.long === 'config-fd' || row.long === 'genhash') continue;
      assert.ok(usage.includes(`--${row.long}`), row.long);
    }
  });
});

describe('a configuration test tells what is wrong with the number of a facility', () => {
  const cases: [string, string[]][] = [
    ['8', ["number '8' outside range [0, 7]", "Invalid log facility '8'"]],
    ['-1', ["negative number '-1'", "Invalid log facility '-1'"]],
    ['99999999999', ["number '99999999999' outside unsigned integer range", "Invalid log facility '99999999999'"]],
    ['local1', ["invalid number 'local1'"]],
    ['local9', ["invalid number 'local9'", "number '9' outside range [0, 7]", "Invalid log facility 'local9'"]],
    ['3', []],
  ];
  for (const [value, complaints] of cases) {
    it(`-t -S ${value}`, () => assert.deepEqual(stderrOf('-t', '-S', value), complaints));
  }
  it('but not before it is known to be one', () => {
    assert.deepEqual(stderrOf('-S', '8', '-t'), ["Invalid log facility '8'"]);
  });
});
