/** SQL for the local date of an instant: terms of office and of units begin and end by it. */
export const localDay = (instant: string): string => `(${instant} at time zone 'Asia/Ho_Chi_Minh')::date`;

/** SQL for the instant at which a local date begins. */
export const dayBegins = (date: string): string => `(${date}::timestamp at time zone 'Asia/Ho_Chi_Minh')`;

export const TODAY = localDay('app_now()');
