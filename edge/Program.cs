using WeCan.Edge;
using WeCan.Hosting.Daemon;

return await DaemonHost.RunAsync(args, EdgeDaemon.Definition);
