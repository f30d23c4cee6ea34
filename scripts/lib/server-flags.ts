/** What a server is started with, everywhere: why, and what it was measured to do, stands in docs/performance.md. */
export const serverFlags: readonly string[] = ['--max-semi-space-size=8', '--no-concurrent-recompilation']
