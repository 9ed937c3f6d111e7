/** A program the configuration names, ready to run: its words and whose rights it has. */
export interface ScriptCommand {
  readonly argv: readonly string[];
  readonly uid: number;
  readonly gid: number;
}
