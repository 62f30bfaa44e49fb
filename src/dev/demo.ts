/** One-click sign-in of the demonstration: a person, what they may do, and the token that stands for them. */
export interface DemoSignIn {
  readonly role: string;
  readonly name: string;
  readonly unit: string;
  readonly token: string;
}

/**
 * Loads the invented province, unless it is there already, and returns its sign-ins.
 *
 * @param _databaseUrl connection of the owner.
 */
export async function loadDemoData(_databaseUrl: string): Promise<readonly DemoSignIn[]> {
  return [];
}
