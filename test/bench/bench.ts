import { median } from '../netns/transcript.ts';
import { evenkeel, reference } from '../support/machine.ts';
import { checksHere, checksInLab } from './checkers.ts';
import { largeConfiguration, partsOf, type Reading, testedBy } from './configuration.ts';
import { type Life, life } from './life.ts';
import { type Disturbance, manyInstances, type Watched } from './many-instances.ts';
import { churn, programServices } from './services.ts';
import { type Takeover, takeover } from './takeover.ts';

/**
 * Ours beside keepalived in the same run: medians, and ours divided by keepalived's.
 * DAEMON replaces ours; ROUNDS (3) is how often each takeover is played, DURATION (20) the seconds that many instances
 * are watched; arguments choose: config, life, takeover, instances, services, churn (LAB_TIMES reloads), checkers.
 */
const ours = process.env.DAEMON ?? evenkeel;
const rounds = Number(process.env.ROUNDS ?? 3);
const duration = Number(process.env.DURATION ?? 20);
const chosen = process.argv.slice(2);

const disturbances: Readonly<Record<Disturbance, string>> = {
  none: '',
  load: ', a busy loop on every processor',
  signals: ', SIGUSR1 or SIGHUP four times a second',
};

if (chosen.length === 0 || chosen.includes('config')) {
  for (const lines of [1000, 10_000, 100_000, 220_004]) benchConfiguration(lines);
}
if (chosen.length === 0 || chosen.includes('life')) await benchLife();
if (chosen.length === 0 || chosen.includes('takeover')) {
  await benchTakeover(1);
  await benchTakeover(1000);
}
if (chosen.length === 0 || chosen.includes('instances')) {
  await benchInstances(250, 1, 1, 'none');
  await benchInstances(250, 1, 0.01, 'none');
  await benchInstances(250, 1, 0.01, 'load');
  await benchInstances(250, 1, 0.01, 'signals');
  await benchInstances(250, 4, 1, 'none');
}
if (chosen.length === 0 || chosen.includes('services')) benchServices();
if (chosen.length === 0 || chosen.includes('churn')) benchChurn();
if (chosen.length === 0 || chosen.includes('checkers')) await benchCheckers();

function benchConfiguration(lines: number): void {
  const text = largeConfiguration(lines);
  const several = (daemon: string): Reading => {
    const readings = Array.from({ length: rounds }, () => testedBy(daemon, text));
    const of = (key: keyof Reading) => median(readings.map((reading) => reading[key]));
    return { cpu: of('cpu'), elapsed: of('elapsed'), peakKib: of('peakKib') };
  };
  const mine = several(ours);
  const theirs = several(reference);
  heading(`-t on ${text.split('\n').length - 1} lines`);
  row('processor, s', mine.cpu, theirs.cpu);
  row('clock, s', mine.elapsed, theirs.elapsed);
  row('peak memory, KiB', mine.peakKib, theirs.peakKib);
  const parts = partsOf(text);
  row('ours once compiled: files to logical lines, s', parts.lines, 0);
  row('the same and their words, s', parts.words, 0);
  row('the same, tables and checks, s', parts.all, 0);
}

async function benchLife(): Promise<void> {
  const mine: Life[] = [];
  const theirs: Life[] = [];
  for (let round = 0; round < rounds; round++) {
    mine.push(await life(ours));
    theirs.push(await life(reference));
  }
  const line = (what: string, value: (one: Life) => number) =>
    row(what, median(mine.map(value)), median(theirs.map(value)));
  heading('one instance, ms');
  line('start to the first advert', (one) => one.firstAdvert);
  line('SIGTERM to the end', (one) => one.end);
}

async function benchTakeover(count: number): Promise<void> {
  const mine: Takeover[] = [];
  const theirs: Takeover[] = [];
  const memory: [string, number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const own = await takeover(ours, reference, count);
    const other = await takeover(reference, reference, count);
    mine.push(own.times);
    theirs.push(other.times);
    if (round > 0) continue;
    for (const [index, process] of own.memory.entries()) {
      memory.push([`${process.process} process, RSS in KiB`, process.rssKib, other.memory[index]?.rssKib ?? 0]);
      memory.push([`${process.process} process, PSS in KiB`, process.pssKib, other.memory[index]?.pssKib ?? 0]);
    }
  }
  heading(`takeover of ${count} address${count === 1 ? '' : 'es'}: ms after the master-down deadline`);
  const values = (key: keyof Takeover): [number, number] => [
    median(mine.map((times) => times[key])),
    median(theirs.map((times) => times[key])),
  ];
  row('first advert', ...values('advert'));
  row('first address on the interface', ...values('firstAddress'));
  row('last address on the interface', ...values('lastAddress'));
  row('first gratuitous ARP', ...values('firstArp'));
  row('every address announced', ...values('everyArp'));
  for (const line of memory) row(...line);
}

async function benchInstances(perNetwork: number, networks: number, interval: number, disturbance: Disturbance) {
  const play = (daemon: string): Promise<Watched> =>
    manyInstances({ ...{ daemon, perNetwork, networks, interval, disturbance }, hold: duration });
  const mine = await play(ours);
  const theirs = await play(reference);
  const where = networks === 1 ? '' : ` on ${networks} networks`;
  heading(`${perNetwork * networks} instances${where}, adverts every ${interval} s${disturbances[disturbance]}`);
  const line = (what: string, value: (watched: Watched) => number) => row(what, value(mine), value(theirs));
  line('VRRP process of the masters, share of a processor', (watched) => watched.masterCores);
  line('VRRP process of the backups, share of a processor', (watched) => watched.backupCores);
  line('adverts later than their interval, median, ms', (watched) => watched.lateness[0]);
  line('the same, 99.9 %, ms', (watched) => watched.lateness[1]);
  line('the same, the latest, ms', (watched) => watched.lateness[2]);
  line('changes of state', (watched) => watched.changes);
  line('start until all are master, s', (watched) => watched.start);
  line('SIGTERM until ended, s', (watched) => watched.stop);
  line('addresses left, and lines about errors', (watched) => watched.left + watched.errors);
}

function benchChurn(): void {
  const mine = churn(ours);
  const theirs = churn(reference);
  heading('lab kernel, reloads and dumps in a row');
  for (const { times, process, kind, kib } of mine) {
    const other = theirs.find((one) => one.times === times && one.process === process && one.kind === kind);
    row(`${process} process after ${times}, ${kind} in KiB`, kib, other?.kib ?? 0);
  }
}

function benchServices(): void {
  const mine = programServices(ours);
  const theirs = programServices(reference);
  heading(`lab kernel, ${process.env.LAB_SERVICES ?? 2000} services with 2 real servers each`);
  row('start until IPVS is programmed, s', median(mine.start), median(theirs.start));
  row('reload of one weight until IPVS has it, s', median(mine.reload), median(theirs.reload));
  row('SIGTERM until ended, s', median(mine.stop), median(theirs.stop));
  for (const [index, each] of mine.memory.entries()) {
    row(`${each.process} process, RSS in KiB`, each.rssKib, theirs.memory[index]?.rssKib ?? 0);
    row(`${each.process} process, PSS in KiB`, each.pssKib, theirs.memory[index]?.pssKib ?? 0);
  }
}

async function benchCheckers(): Promise<void> {
  const mine = checksInLab(ours);
  const theirs = checksInLab(reference);
  heading('lab kernel, checker process: 2000 TCP_CHECKs every 3 s, 1000 HTTP_GETs every 1 s');
  for (const name of ['tcp', 'http']) {
    row(`${name}, share of a processor`, mine.get(name)?.cores ?? 0, theirs.get(name)?.cores ?? 0);
    row(`${name}, RSS in KiB`, mine.get(name)?.rssKib ?? 0, theirs.get(name)?.rssKib ?? 0);
  }
  heading("ours on this machine's kernel, without IPVS");
  const alive = await checksHere('tcp', 10_200, 3000, 'answering');
  row('10 200 TCP_CHECKs every 3 s, share of a processor', alive.cores, 0);
  row('the same, RSS in KiB', alive.rssKib, 0);
  row('the same, checks late by, 99.9 %, ms', alive.late.most, 0);
  row('the same, the latest, ms', alive.late.latest, 0);
  const mixed = await checksHere('mixed', 10_200, 3000, 'answering');
  row('where 3 servers in 20 hang, share of a processor', mixed.cores, 0);
  row('the same, checks of the others late by, 99.9 %, ms', mixed.late.most, 0);
  row('the same, the latest, ms', mixed.late.latest, 0);
  const dead = await checksHere('tcp', 10_200, 3000, 'refusing');
  row('the same against closed ports: all found dead, s', dead.allDead, 0);
  const hung = await checksHere('tcp', 10_200, 3000, 'hanging');
  row('the same where nobody accepts: all found dead, s', hung.allDead, 0);
  const many = await checksHere('tcp', 40_800, 12_000, 'answering');
  row('40 800 TCP_CHECKs every 12 s, share of a processor', many.cores, 0);
  row('the same, RSS in KiB', many.rssKib, 0);
  const pages = await checksHere('http', 1000, 1000, 'answering');
  row('1000 HTTP_GETs every 1 s, share of a processor', pages.cores, 0);
}

function heading(text: string): void {
  console.log(`\n${text.padEnd(64)} ours  keepalived   ratio`);
}

function row(what: string, own: number, other: number): void {
  const show = (value: number) => (Math.abs(value) >= 1000 ? value.toFixed(0) : value.toFixed(2)).padStart(11);
  const ratio = other === 0 ? '-' : (own / other).toFixed(2);
  console.log(`  ${what.padEnd(56)}${show(own)} ${show(other)} ${ratio.padStart(7)}`);
}
