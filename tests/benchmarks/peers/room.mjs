// Socket.IO: one room, websocket transport only. `node room.mjs PORT FOLDER`, where FOLDER holds its node_modules.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [port, folder] = process.argv.slice(2);
const { Server } = createRequire(`${folder}/`)("socket.io");

const http = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    io.to("room").emit("fact", JSON.parse(text));
    response.end();
  });
});
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
io.on("connection", (socket) => socket.join("room"));
http.listen(Number(port), "127.0.0.1", 2048);
