using WeCan.Controller.Core;
using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>Something to be done within a step, and told about when the step is over.</summary>
internal class LoopWork
{
    public static readonly LoopWork Nothing = new();

    /// <summary>It changes something that has to be kept.</summary>
    public virtual bool Changes => false;

    public virtual void Run(ControllerCore core, ControllerTime now)
    {
    }

    public virtual void Finish(StoreException? problem)
    {
    }
}
