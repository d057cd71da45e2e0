using WeCan.Controller.Service;
using WeCan.Hosting.Daemon;

return await DaemonHost.RunAsync(args, ControllerDaemon.Definition);
