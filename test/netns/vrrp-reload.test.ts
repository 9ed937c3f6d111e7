import { duel } from './duel.ts';
import type { Host } from './host.ts';
import { seconds, until } from './processes.ts';

interface Member {
  readonly name: string;
  readonly router: number;
  readonly priority: number;
  readonly lines?: readonly string[];
}

/** Instances on eth0, each with one address, and perhaps a group of some of them. */
function several(host: Host, members: readonly Member[], grouped: readonly string[] = []): string {
  const instances = members.flatMap(({ name, router, priority, lines = [] }) => [
    `vrrp_instance ${name} {`,
    ...['interface eth0', `virtual_router_id ${router}`, `priority ${priority}`, `notify ${host.scriptPath}`, ...lines],
    ...['virtual_ipaddress {', `10.9.0.${100 + router}`, '}', '}'],
  ]);
  const group = ['vrrp_sync_group G {', 'group {', ...grouped, '}', `notify ${host.scriptPath}`, '}'];
  const global = ['global_defs {', 'router_id TEST', 'script_user root', `notify_fifo ${host.fifoPath}`, '}'];
  return [...global, ...instances, ...(grouped.length > 0 ? group : []), ''].join('\n');
}

function reload(host: Host, configuration: string): void {
  host.configure(configuration);
  host.signal('SIGHUP');
}

/** `subject` as in `INSTANCE "V1"`. */
const tells = (host: Host, subject: string, state: string, limit = 9) =>
  until(`${subject} ${state}`, limit, () => {
    const told = host.fifo.filter((line) => line.startsWith(`${subject} `));
    return told.at(-1)?.startsWith(`${subject} ${state} `) ?? false;
  });

const first = (priority: number, lines: readonly string[] = []): Member => ({
  name: 'V1',
  router: 51,
  priority,
  lines,
});
const second = (priority: number): Member => ({ name: 'V2', router: 52, priority });
const third = (priority: number): Member => ({ name: 'V3', router: 53, priority });

duel('a reload adds, removes and renames instances', async ({ a, b }) => {
  a.start(several(a, [first(103), second(102)]));
  await tells(a, 'INSTANCE "V2"', 'MASTER');
  b.start(several(b, [first(90), second(60), third(30)]));
  await tells(b, 'INSTANCE "V3"', 'MASTER');
  await seconds(1.2);
  reload(a, several(a, [first(103), third(101)]));
  await tells(b, 'INSTANCE "V2"', 'MASTER');
  await tells(a, 'INSTANCE "V3"', 'MASTER');
  await seconds(1);
  reload(a, several(a, [third(101), { ...first(103), name: 'NEW' }, second(102)]));
  await tells(a, 'INSTANCE "V2"', 'MASTER');
  await seconds(1);
  await a.stop();
  await tells(b, 'INSTANCE "V1"', 'MASTER', 3);
  await seconds(0.5);
  await b.stop();
});

duel('a reload puts a master and a new instance into a group', async ({ a, b }) => {
  b.start(several(b, [first(50), second(50)]));
  await tells(b, 'INSTANCE "V2"', 'MASTER');
  a.start(several(a, [first(100)]));
  await tells(a, 'INSTANCE "V1"', 'MASTER');
  await seconds(1);
  reload(a, several(a, [first(100), second(100)], ['V1', 'V2']));
  await tells(a, 'GROUP "G"', 'MASTER');
  await tells(b, 'INSTANCE "V2"', 'BACKUP');
  await seconds(1.2);
  reload(a, several(a, [first(100), second(100)]));
  await seconds(1.2);
  await a.stop();
  await tells(b, 'INSTANCE "V2"', 'MASTER', 3);
  await seconds(0.5);
  await b.stop();
});

duel('another interface of its own makes another virtual router', async ({ a, b }) => {
  a.start(several(a, [first(100, ['use_vmac one'])]));
  await tells(a, 'INSTANCE "V1"', 'MASTER');
  await seconds(1.2);
  reload(a, several(a, [first(100)]));
  await seconds(0.5);
  await tells(a, 'INSTANCE "V1"', 'MASTER');
  await seconds(1.2);
  reload(a, several(a, [first(100, ['use_vmac two'])]));
  await seconds(0.5);
  await tells(a, 'INSTANCE "V1"', 'MASTER');
  await seconds(0.5);
  await a.stop();
  await b.stop();
});

duel('a reload waits for no script, and the end of what has a fault is not told again', async ({ a, b }) => {
  const script = (name: string, program: string) => [
    `vrrp_script ${name} {`,
    `script "${program}"`,
    'interval 60',
    '}',
  ];
  const scripts = [...script('fails', '/usr/bin/false'), ...script('lasts', '/usr/bin/sleep 60')].join('\n');
  const tracking = (name: string) => ['track_script {', name, '}'];
  const others = (...members: Member[]) => `${scripts}\n${several(a, [first(100), ...members])}`;
  const faulty: Member = { name: 'V2', router: 52, priority: 50, lines: tracking('fails') };
  const waiting: Member = { name: 'V3', router: 53, priority: 50, lines: tracking('lasts') };
  a.start(others(faulty, { ...third(50), lines: tracking('fails') }));
  await tells(a, 'INSTANCE "V3"', 'FAULT');
  await tells(a, 'INSTANCE "V1"', 'MASTER');
  reload(a, others(waiting));
  await tells(a, 'INSTANCE "V3"', 'MASTER');
  await a.stop();
  await b.stop();
});
