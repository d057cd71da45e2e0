using System.Diagnostics;
using System.Text;
using System.Text.Json;
using WeCan.Lab.Messages;
using WeCan.Lab.Nodes;

namespace WeCan.Lab.Run;

/// <summary>A node process seen from the lab that started it: gives orders, takes answers, and sees to it that the process ends.</summary>
internal sealed class NodeHandle : IAsyncDisposable
{
    private const int ErrorCharacters = 4_000;

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private NodeHandle(string name, Process process)
    {
        Name = name;
        _process = process;
        process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public static NodeHandle Start(string name)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // Started as "dotnet WeCan.Lab.dll", the program is dotnet and we are its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(NodeHandle).Assembly.Location);
        start.ArgumentList.Add(NodeProcess.Argument);
        return new NodeHandle(name, Process.Start(start) ?? throw new LabException($"The process of node {name} cannot be started."));
    }

    public async Task OrderAsync(NodeOrder order)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(LabJson.Write(order));
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException failure)
        {
            throw Ended(failure);
        }
    }

    public async Task<NodeAnswer> AskAsync(NodeOrder order, TimeSpan bound)
    {
        await OrderAsync(order);
        try
        {
            var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(bound) ?? throw Ended(null);
            var answer = JsonSerializer.Deserialize(line, LabJson.Default.NodeAnswer)!;
            return answer.Error is null ? answer : throw new LabException(answer.Error);
        }
        catch (TimeoutException failure)
        {
            throw new LabException($"Node {Name} gave no answer within {bound.TotalSeconds:0} s; this machine may be overloaded.", failure);
        }
    }

    /// <summary>Ends the process by ending its stdin, and by force if that does not help in time.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(LabLimits.ExitBound);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException)
        {
            _process.Kill();
        }
        finally
        {
            _process.Dispose();
        }
    }

    private LabException Ended(Exception? cause)
    {
        _process.WaitForExit(LabLimits.ExitBound);
        var code = _process.HasExited ? $" with exit code {_process.ExitCode}" : "";
        lock (_errors)
        {
            var why = _errors.Length > 0 ? _errors.ToString() : "It said nothing: run the lab again, and if it ends again, see in the system's log what killed it.";
            return new($"Node {Name} ended{code}. {why}".TrimEnd(), cause!);
        }
    }

    private void KeepError(string? line)
    {
        lock (_errors)
        {
            if (line is not null && _errors.Length < ErrorCharacters)
                _errors.AppendLine(line);
        }
    }
}
