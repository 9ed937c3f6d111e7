/** The usage of genhash for a program called `name`. */
export function genhashUsage(name: string): string {
  const command = name.endsWith('genhash') ? name : `${name} --genhash`;
  return `Usage: ${command} COMMAND [OPTIONS]
Commands:
   -s server-address -p port -u url
   -S -s server-address -p port -u url
   -h

Options, long or short:
   --use-ssl         -S       Connect with TLS.
   --use-sni         -I       Name the virtual host of -V in the TLS handshake.
   --server          -s       Address of the server.
   --port            -p       Port of the server.
   --url             -u       Path of the page.
   --use-virtualhost -V       Virtual host to ask for.
   --verbose         -v       Show header and page too.
   --help            -h       Show this text.
   --fwmark          -m       Mark the packets with this number.
   --protocol        -P       HTTP protocol: '1.0', '1.0c' or '1.1'.
                                1.0c is 1.0 with 'Connection: close'
   --timeout         -t       Seconds to wait.`;
}
