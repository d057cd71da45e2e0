using WeCan.Hosting.Daemon;
using WeCan.Hosting.Sample;

return await DaemonHost.RunAsync(args, EchoDaemon.Definition);
