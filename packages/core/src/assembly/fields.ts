/** How the fields of code objects are said: pools as lists, names bare. */

/** Said from 3.11 on too, though its code objects have them in one tuple. */
export const localLists: readonly string[] = ["co_varnames", "co_cellvars", "co_freevars"];

const listsOfNames = new Set(["co_names", "co_localsplusnames", ...localLists]);

/** Whether a field is said as names with commas between them. */
export const isListOfNames = (field: string) => listsOfNames.has(field);

/** Whether a field is said as a list of objects. */
export const isList = (field: string) => field === "co_consts" || listsOfNames.has(field);

const names = new Set(["co_filename", "co_name", "co_qualname"]);

/** Whether a field is said as a name. */
export const isName = (field: string) => names.has(field);
