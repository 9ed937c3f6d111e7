/** A program the configuration names, ready to run: its words and whose rights it has. */
export interface ScriptCommand {
  readonly argv: readonly string[];
  /** The file to execute where that is not `argv[0]`: the latter found in PATH or with its symbolic links resolved. */
  readonly path?: string;
  readonly uid: number;
  readonly gid: number;
  /** All groups of its user, where it has more than its own. */
  readonly supplementaryGroups?: readonly number[];
  /** User and group by name, where the configuration names them. */
  readonly user?: string;
  readonly group?: string;
}
