using WeCan.Hosting.Daemon;
using WeCan.Relay;

return await DaemonHost.RunAsync(args, RelayDaemon.Definition);
