import type { LogPlaces } from '../lib/log.ts';
import { consoleSink, fileSink, type LogSink } from '../os/log-sinks.ts';
import { syslogSink } from '../os/sockets/syslog-socket.ts';
import { temporaryDirectory } from '../os/system-facts.ts';
import type { Options } from './command/options.ts';

/** Where the command line wants log lines. */
export function logPlaces(options: Options): LogPlaces {
  const { logFile, logFormat } = options;
  const path = logFile === '' ? `${temporaryDirectory()}/keepalived.log` : logFile;
  return {
    console: options.logConsole && options.dontFork,
    format: logFormat,
    ...(options.noSyslog ? {} : { syslogFacility: options.logFacility }),
    ...(path === undefined ? {} : { file: { path, flush: options.flushLogFile } }),
  };
}

/** Opens those places; a file is made when its first line comes. */
export function openLogSinks({ syslogFacility, console, file, format }: LogPlaces): LogSink[] {
  return [
    ...(syslogFacility === undefined ? [] : [syslogSink(syslogFacility)]),
    ...(console ? [consoleSink(format)] : []),
    ...(file === undefined ? [] : [fileSink(file.path, file.flush, format)]),
  ];
}
