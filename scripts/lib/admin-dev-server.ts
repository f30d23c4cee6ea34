import { createServer } from 'vite'

/** Run by admin-dev.ts, in web/. */
const server = await createServer({ clearScreen: false })
await server.listen()
server.printUrls()

// The input is a pipe from the launcher: its end means that the launcher is gone, however it ended.
process.stdin.on('end', () => process.exit()).resume()
