declare module 'net-snmp' {
  const snmp: { createSubagent(options: object): object };
  export default snmp;
}
