/** Where `regulars start` answers when it is not told otherwise, and where the other commands look for it. */
export const defaultUrl = 'http://127.0.0.1:3000';
