// The one function of a deployment: the bundle that `npm run build` makes from _app/.
export { default } from '../dist/api/index.js'
