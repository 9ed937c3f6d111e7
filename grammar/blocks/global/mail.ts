import { seconds } from '../../../src/lib/duration.ts';
import { relay } from '../../global-values.ts';
import { leaf, list } from '../../keyword.ts';
import { listedWord } from '../../names.ts';
import { flag, text, wholeSeconds } from '../../values.ts';
import { atLeastOne, globalBoolean } from './shared.ts';

/** Alert mails. */
export const mailRows = {
  notification_email: list(listedWord('an e-mail address', 'ops@example.org'), 'Recipients of alert mails.', {
    wordwise: true,
    empty: 'Warning - empty notification_email block',
  }),
  notification_email_from: leaf(text, 'Sender of alert mails.', {
    otherwise: '<user>@<host name>',
    missing: 'emailfrom missing - ignoring',
    admit: (value, statement) => {
      const surplus = statement.words.slice(2).join(' ');
      if (surplus !== '') {
        statement.report('general-error', `notification_email_from has extra words '${surplus}' - ignoring them`, 2);
      }
      return value;
    },
  }),
  smtp_server: leaf(relay, 'Mail relay for alerts.', { otherwise: 'none; port 25' }),
  smtp_helo_name: leaf(text, 'Name given to the mail relay.', { otherwise: 'local host name', missing: '' }),
  smtp_connect_timeout: leaf(wholeSeconds(0, 4294), 'How long to wait for the mail relay to accept a connection.', {
    default: seconds(30),
    invalid: "smtp_connect_timeout '%s' must be in [0, 4294] - ignoring",
    admit: atLeastOne(seconds(1), 1_000_000),
  }),
  smtp_alert: leaf(globalBoolean('smtp_alert'), 'Whether mails are sent where nothing nearer decides.', {
    otherwise: 'unset',
  }),
  smtp_alert_vrrp: leaf(globalBoolean('smtp_alert_vrrp'), 'As smtp_alert, for VRRP instances.', { otherwise: 'unset' }),
  smtp_alert_checker: leaf(globalBoolean('smtp_alert_checker'), 'As smtp_alert, for virtual and real servers.', {
    otherwise: 'unset',
  }),
  no_email_faults: leaf(flag, 'Send no mail when an instance enters the fault state.'),
  no_checker_emails: leaf(
    globalBoolean('no_checker_emails'),
    'Mail only when a real server changes, not each checker.',
    { otherwise: 'false' },
  ),
};
