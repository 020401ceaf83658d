/**
 * The handler that the exec wrapper points the Node.js runtime at. Whatever goes wrong here, in the user's module above
 * all, is thrown at the runtime, which reports it as it reports every module that cannot be loaded.
 */
import { loadUserHandler } from 'lpr-toolkit/load-handler'
import { adapt } from './adapt.ts'
import { openItemPreludes } from './aws-lambda.ts'
import { readSettings } from './settings.ts'

const settings = readSettings(process.env)
// The runtime has read it; to the user's code, and to libraries that show it, the function has its own handler.
process.env._HANDLER = settings.handler
openItemPreludes()

export const handler = adapt(await loadUserHandler(settings.taskRoot, settings.handler), settings)
