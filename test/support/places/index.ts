import { container } from './container.ts'
import { nginx } from './nginx.ts'
import type { Place, PlaceName } from './place.ts'
import { pm2 } from './pm2.ts'
import { start } from './start.ts'
import { vercel } from './vercel.ts'

/** Every way to run claude-proxy that the end-to-end suite is run against. */
export const places: Record<PlaceName, Place> = { start, vercel, container, pm2, nginx }
