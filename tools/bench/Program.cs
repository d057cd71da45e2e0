using WeCan.Bench;

return args switch
{
    ["seal", .. var options] => SealVerb.Run(options),
    ["fec", .. var options] => FecVerb.Run(options),
    ["link", .. var options] => LinkVerb.Run(options),
    ["bulk", .. var options] => BulkVerb.Run(options),
    ["sim", .. var options] => SimVerb.Run(options),
    ["recovery", .. var options] => RecoveryVerb.Run(options),
    [] or ["--help" or "-h"] => Usage.Show(),
    _ => Usage.Refuse($"There is nothing called {args[0]} to measure: write seal, fec, link, bulk, sim or recovery, or nothing for help."),
};
