using WeCan.Bench;
using WeCan.Bench.Bus;
using WeCan.Bench.Control;
using WeCan.Bench.Failover;
using WeCan.Bench.Flood;
using WeCan.Bench.Forward;
using WeCan.Bench.Routes;
using WeCan.Bench.Tunnel;

return args switch
{
    ["seal", .. var options] => SealVerb.Run(options),
    ["fec", .. var options] => FecVerb.Run(options),
    ["link", .. var options] => LinkVerb.Run(options),
    ["bulk", .. var options] => BulkVerb.Run(options),
    ["forward", .. var options] => ForwardVerb.Run(options),
    ["tunnel", .. var options] => TunnelVerb.Run(options),
    ["flood", .. var options] => FloodVerb.Run(options),
    [ForgerProgram.Argument, .. var options] => ForgerProgram.Run(options, Console.In, Console.Out),
    ["bus", .. var options] => BusVerb.Run(options),
    [BusEndProgram.Argument, .. var options] => BusEndProgram.Run(options, Console.In, Console.Out),
    ["sim", .. var options] => SimVerb.Run(options),
    ["recovery", .. var options] => RecoveryVerb.Run(options),
    ["failover", .. var options] => FailoverVerb.Run(options),
    [FlowSource.Argument, .. var options] => FlowSource.Run(options),
    [FlowSink.Argument, .. var options] => FlowSink.Run(options),
    ["routes", .. var options] => RoutesVerb.Run(options),
    ["controller", .. var options] => ControllerVerb.Run(options),
    [] or ["--help" or "-h"] => Usage.Show(),
    _ => Usage.Refuse($"There is nothing called {args[0]} to measure: write seal, fec, link, bulk, forward, tunnel, flood, bus, sim, recovery, failover, routes or controller, or nothing for help."),
};
