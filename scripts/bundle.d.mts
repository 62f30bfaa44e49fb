/** Makes sure the bundle of workflow code is there and current. Returns its path. */
export declare function bundleWorkflows(options?: {
  readonly log?: (line: string) => void;
  readonly outFile?: string;
}): Promise<string>;
