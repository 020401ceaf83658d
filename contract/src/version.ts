declare const __LPR_VERSION__: string | undefined

/** The version in the VERSION file at the root, put in by the build; `dev` when run from source. */
export const VERSION: string = typeof __LPR_VERSION__ === 'string' ? __LPR_VERSION__ : 'dev'
